//! Oracle: Smithy's protocol tests and botocore's older ones (`tests/fixtures/botocore/README.md`).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::http::{Headers, Reply};
use super::{cbor, complete, fault, output, request, timestamp};
use crate::model::{Kind, Member, Operation, Protocol, Service};
use crate::testing::{fixture, service};

/// Cases that botocore passes and this client answers otherwise, on purpose.
const OTHERWISE: [(&str, &str); 1] = [(
    "legacy/output/rest-json.json Supports header maps",
    "header names come in lower case from our HTTP client, as HTTP/2 has them",
)];

/// A case, with the service that it describes.
struct Case<'f> {
    file: &'f str,
    suite: &'f Value,
    told: &'f Value,
    service: Service,
    operation: String,
    /// botocore does not pass it.
    ignored: bool,
}

impl Case<'_> {
    fn operation(&self) -> &Operation {
        self.service.operation(&self.operation).unwrap()
    }

    fn id(&self) -> String {
        let description = self.told["description"]
            .as_str()
            .or(self.suite["description"].as_str());
        let id = self.told["id"].as_str().or(description).unwrap_or_default();
        format!("{} {id}", self.file)
    }
}

fn cases(folders: [&str; 2]) -> Vec<(String, Value, Value, bool)> {
    let files = fixture("protocols.json.gz");
    let ignored = &files["protocol-tests-ignore-list.json"];
    let mut all = Vec::new();
    for (path, suites) in files.as_object().unwrap() {
        let Some(name) = folders.iter().find_map(|folder| path.strip_prefix(folder)) else {
            continue;
        };
        let side = if path.contains("input/") {
            "input"
        } else {
            "output"
        };
        let protocol = name.trim_end_matches(".json");
        let lists = [
            &ignored["general"][side],
            &ignored["protocols"][protocol][side],
        ];
        let listed = |key: &str, name: &Value| {
            let mut all = lists
                .iter()
                .filter_map(|list| list[key].as_array())
                .flatten();
            all.any(|known| known == name)
        };
        for suite in suites.as_array().unwrap() {
            for case in suite["cases"].as_array().unwrap() {
                let ignored =
                    listed("suites", &suite["description"]) || listed("cases", &case["id"]);
                all.push((path.clone(), suite.clone(), case.clone(), ignored));
            }
        }
    }
    all
}

fn described((file, suite, case, ignored): &(String, Value, Value, bool)) -> Case<'_> {
    let mut description = suite.clone();
    let protocol = description["metadata"]["protocol"].clone();
    description["metadata"]["protocols"] = json!([protocol]);
    let operation = case["given"]["name"].as_str().unwrap_or("OperationName");
    let mut given = case["given"].clone();
    if protocol == "query"
        && let Some(shape) = given["output"]["shape"].as_str()
        && description["shapes"][shape]["members"]
            .as_object()
            .is_some_and(|m| !m.is_empty())
    {
        given["output"]["resultWrapper"] = format!("{operation}Result").into();
    }
    // In the older tests a reference tells of a payload, and errors belong to no operation.
    if let Some(payload) = given["input"].get("payload").cloned() {
        let shape = given["input"]["shape"].as_str().unwrap().to_owned();
        description["shapes"][shape]["payload"] = payload;
    }
    let shapes = description["shapes"].as_object().unwrap();
    let errors = shapes
        .iter()
        .filter(|(_, shape)| shape["exception"] == true);
    given["errors"] = errors.map(|(name, _)| json!({ "shape": name })).collect();
    description["operations"] = json!({ operation: given });
    Case {
        file,
        suite,
        told: case,
        service: service(file, &description),
        operation: operation.to_owned(),
        ignored: *ignored,
    }
}

/// Runs every case; those that fail must be ones that botocore does not pass either, or be named above.
fn run(folders: [&str; 2], check: impl Fn(&Case<'_>) -> Result<(), String>) -> usize {
    let mut passed = 0;
    let mut failures = Vec::new();
    for case in &cases(folders) {
        let case = described(case);
        match check(&case) {
            Ok(()) => passed += 1,
            Err(_) if case.ignored => {}
            Err(why) => {
                let id = case.id();
                if !OTHERWISE.iter().any(|(known, _)| *known == id) {
                    failures.push(format!("{id}: {why}"));
                }
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} failed, {passed} passed:\n{}",
        failures.len(),
        failures.join("\n")
    );
    passed
}

fn equal(what: &str, expected: &Value, found: &Value) -> Result<(), String> {
    if numbers(expected) == numbers(found) {
        return Ok(());
    }
    Err(format!("{what}: expected {expected}, found {found}"))
}

/// Python does not tell 1 from 1.0.
fn numbers(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.iter().map(numbers).collect(),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), numbers(value)))
            .collect(),
        other => other.clone(),
    }
}

/// The tests' blobs are the text that they hold, and their times are seconds; ours are base64 and RFC 3339.
fn translated(
    service: &Service,
    member: &Member,
    value: &Value,
    scalar: &dyn Fn(Kind, &str) -> Value,
) -> Value {
    let shape = service.shape(member);
    match (shape.kind, value) {
        _ if shape.document => value.clone(),
        (Kind::Structure, Value::Object(given)) => given
            .iter()
            .map(|(name, value)| {
                let value = match shape.member(name) {
                    Some(member) => translated(service, member, value, scalar),
                    None => value.clone(),
                };
                (name.clone(), value)
            })
            .collect(),
        (Kind::List, Value::Array(items)) => items
            .iter()
            .map(|item| translated(service, shape.first().unwrap(), item, scalar))
            .collect(),
        (Kind::Map, Value::Object(entries)) => entries
            .iter()
            .map(|(key, item)| {
                (
                    key.clone(),
                    translated(service, shape.second().unwrap(), item, scalar),
                )
            })
            .collect(),
        (kind, Value::String(text)) => scalar(kind, text),
        _ => value.clone(),
    }
}

fn to_base64(kind: Kind, text: &str) -> Value {
    match kind {
        Kind::Blob => STANDARD.encode(text).into(),
        _ => text.into(),
    }
}

fn to_pythons(kind: Kind, text: &str) -> Value {
    match kind {
        Kind::Blob => String::from_utf8(STANDARD.decode(text).unwrap())
            .unwrap()
            .into(),
        Kind::Timestamp => {
            let moment = timestamp::read(&text.into()).unwrap();
            timestamp::write(moment, crate::model::TimestampFormat::UnixTimestamp)
        }
        _ => text.into(),
    }
}

#[test]
fn requests_are_as_the_protocols_want_them() {
    let passed = run(["input/", "legacy/input/"], |case| {
        let service = &case.service;
        let operation = case.operation();
        let given = match &operation.input {
            Some(member) => translated(service, member, &case.told["params"], &to_base64),
            None => case.told["params"].clone(),
        };
        let token = || "00000000-0000-4000-8000-000000000000".to_owned();
        let input = complete(service, operation, &given, &token).map_err(|e| e.to_string())?;
        let sent = request(service, operation, &input);
        let expected = &case.told["serialized"];
        if let Some(method) = expected["method"].as_str() {
            equal("method", &method.into(), &sent.method.as_str().into())?;
        }
        equal("uri", &expected["uri"], &sent.target().into())?;
        headers_are_equal(service, expected, &sent.headers)?;
        if let Some(body) = expected["body"].as_str() {
            let (expected, found) = bodies(service.protocol, body, &sent.body);
            equal("body", &expected, &found)?;
        }
        if let (Some(host), Some(client)) = (
            expected["host"].as_str(),
            case.suite["clientEndpoint"].as_str(),
        ) {
            let client = client.split("://").nth(1).unwrap().trim_end_matches('/');
            let found = format!("{}{client}", sent.host_prefix.unwrap_or_default());
            equal(
                "host",
                &host.split('/').next().into(),
                &found.split('/').next().into(),
            )?;
        }
        Ok(())
    });
    eprintln!("{passed} requests");
    assert!(passed > 450, "{passed}");
}

fn headers_are_equal(
    service: &Service,
    expected: &Value,
    sent: &[(String, String)],
) -> Result<(), String> {
    let found: BTreeMap<String, &str> = sent
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.as_str()))
        .collect();
    for (name, value) in expected["headers"].as_object().into_iter().flatten() {
        let lower = name.to_ascii_lowercase();
        let is_content = lower == "content-type";
        let mut value = value.as_str().unwrap_or_default().to_owned();
        match service.protocol {
            Protocol::Query | Protocol::Ec2 if is_content && !value.contains("charset") => {
                value.push_str("; charset=utf-8");
            }
            // As with botocore, a streamed body has no type of its own.
            Protocol::RestJson if is_content && value != "application/json" => continue,
            Protocol::RestXml if is_content && value != "application/xml" => continue,
            _ => {}
        }
        // How a list is separated is free.
        let loose = |text: &str| text.replace(", ", ",");
        let actual = found.get(&lower).map(|text| loose(text));
        equal(name, &loose(&value).into(), &actual.into())?;
    }
    for name in expected["forbidHeaders"].as_array().into_iter().flatten() {
        let lower = name.as_str().unwrap_or_default().to_ascii_lowercase();
        if found.contains_key(&lower) {
            return Err(format!("header {name} must not be there"));
        }
    }
    Ok(())
}

/// Bodies as values that can be compared.
fn bodies(protocol: Protocol, expected: &str, found: &[u8]) -> (Value, Value) {
    let text = String::from_utf8_lossy(found);
    let plain = || (Value::from(expected), Value::from(text.as_ref()));
    match protocol {
        Protocol::Json | Protocol::RestJson => {
            let parsed = (
                serde_json::from_str(expected),
                serde_json::from_slice(found),
            );
            match parsed {
                (Ok(expected), Ok(found)) => (expected, found),
                _ => plain(),
            }
        }
        Protocol::RestXml => match (tree(expected), tree(&text)) {
            (Some(expected), Some(found)) => (expected, found),
            _ => plain(),
        },
        Protocol::SmithyRpcV2Cbor => {
            let item = |bytes: &[u8]| {
                let mut item = cbor::error_body(bytes);
                if let Some(item) = &mut item {
                    sort(item);
                }
                format!("{item:?}").into()
            };
            (item(&STANDARD.decode(expected).unwrap()), item(found))
        }
        Protocol::Query | Protocol::Ec2 => plain(),
    }
}

/// Maps have no order, and a single is as good as a double.
fn sort(item: &mut cbor::Item) {
    match item {
        cbor::Item::Map(entries) => {
            entries.retain(|(_, item)| *item != cbor::Item::Null);
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            for (_, item) in entries {
                sort(item);
            }
        }
        cbor::Item::Array(items) => items.iter_mut().for_each(sort),
        cbor::Item::Time(inner) => sort(inner),
        cbor::Item::Integer(number) => {
            #[expect(clippy::cast_precision_loss, reason = "the tests' numbers are small")]
            let float = *number as f64;
            *item = cbor::Item::Float(float);
        }
        _ => {}
    }
}

/// Elements, attributes, namespaces and text, without the space between elements.
fn tree(text: &str) -> Option<Value> {
    fn of(node: roxmltree::Node<'_, '_>) -> Value {
        let attributes: BTreeMap<String, &str> = node
            .attributes()
            .map(|a| (format!("{:?} {}", a.namespace(), a.name()), a.value()))
            .collect();
        let children: Vec<Value> = node
            .children()
            .filter(roxmltree::Node::is_element)
            .map(of)
            .collect();
        let text = node.text().map(str::trim).unwrap_or_default();
        json!([format!("{:?}", node.tag_name()), attributes, text, children])
    }
    let document = roxmltree::Document::parse(text).ok()?;
    Some(of(document.root_element()))
}

#[test]
fn replies_are_read_as_botocore_reads_them() {
    let passed = run(["output/", "legacy/output/"], |case| {
        let service = &case.service;
        let operation = case.operation();
        let response = &case.told["response"];
        let body = response["body"].as_str().unwrap_or_default();
        let body = match service.protocol {
            Protocol::SmithyRpcV2Cbor => STANDARD.decode(body).unwrap(),
            Protocol::Query if response.get("body").is_none() => b"<xml/>".to_vec(),
            _ => body.as_bytes().to_vec(),
        };
        let headers: Headers = response["headers"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default()))
            .collect();
        let reply = Reply {
            status: u16::try_from(response["status_code"].as_u64().unwrap_or(200)).unwrap(),
            headers: &headers,
            body: &body,
        };
        if case.told.get("error").is_some() {
            return error_is_equal(case, &reply);
        }
        let member = operation.output.as_ref();
        if member.is_some_and(|member| has_events(service, member)) {
            return Ok(());
        }
        if let Some(error) = fault(service, operation, &reply) {
            let expected = &case.told["result"]["Error"];
            equal("code", &expected["Code"], &error.code.into())?;
            return equal("message", &expected["Message"], &error.message.into());
        }
        let found = output(service, operation, &reply).map_err(|error| error.to_string())?;
        let found = member.map_or(json!({}), |member| {
            translated(service, member, &found, &to_pythons)
        });
        equal("result", &case.told["result"], &found)
    });
    eprintln!("{passed} replies");
    assert!(passed > 350, "{passed}");
}

fn has_events(service: &Service, member: &Member) -> bool {
    service
        .shape(member)
        .members
        .iter()
        .any(|member| member.traits().events)
}

fn error_is_equal(case: &Case<'_>, reply: &Reply<'_>) -> Result<(), String> {
    let service = &case.service;
    let error = fault(service, case.operation(), reply).ok_or("no error")?;
    let code = case.told["errorCode"].as_str().unwrap_or_default();
    equal("code", &code.into(), &error.code.as_str().into())?;
    if let Some(message) = case.told["errorMessage"].as_str() {
        equal("message", &message.into(), &error.message.as_str().into())?;
    }
    let details = if error.details.is_null() {
        json!({})
    } else {
        error.details
    };
    equal("details", &case.told["error"], &details)
}
