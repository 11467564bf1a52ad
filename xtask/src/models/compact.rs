//! Compacts one of botocore's service descriptions into what the AWS client needs to call it.
//!
//! In: `service-2.json`, `paginators-1.json` and `endpoint-rule-set-1.json`, as botocore ships them. Out: one JSON
//! document in the form that `crates/aws/src/model/` reads, and `crates/aws/models/README.md` describes. Documentation,
//! limits, patterns and enumerations are left out; traits move from shapes to the places that refer to them, as
//! botocore's own `ShapeResolver` lets the reference win over the shape.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

/// Which protocol is used of those that a service offers, best first. CBOR is last: it saves the service work, not us.
const PROTOCOLS: [&str; 6] = [
    "json",
    "rest-json",
    "rest-xml",
    "query",
    "ec2",
    "smithy-rpc-v2-cbor",
];

/// Traits that a reference takes over from botocore as they are: our key, botocore's key.
const TRAITS: [(&str, &str); 11] = [
    ("location", "location"),
    ("flattened", "flattened"),
    ("timestamp", "timestampFormat"),
    ("namespace", "xmlNamespace"),
    ("attribute", "xmlAttribute"),
    ("query", "queryName"),
    ("json", "jsonvalue"),
    ("token", "idempotencyToken"),
    ("label", "hostLabel"),
    ("stream", "streaming"),
    ("events", "eventstream"),
];

/// The compact form of the service that botocore calls `name`.
///
/// # Errors
/// When the description misses what every service has, or offers only a protocol that is unknown.
pub(crate) fn service(
    name: &str,
    model: &Value,
    paginators: &Value,
    rules: &Value,
) -> Result<Value> {
    let mut shapes = Shapes::new(model.get("shapes").context("no shapes")?);
    let mut operations = Vec::new();
    for (operation, body) in object(model, "operations")? {
        let page = paginators
            .get("pagination")
            .and_then(|all| all.get(operation));
        operations.push(
            compact_operation(operation, body, page, &mut shapes)
                .with_context(|| format!("{name} {operation}"))?,
        );
    }
    for operation in &mut operations {
        leave_to_endpoint_rules(name, operation);
    }
    operations.sort_by(|a, b| a["name"].as_str().cmp(&b["name"].as_str()));
    let mut out = metadata(name, model.get("metadata").context("no metadata")?)?;
    out.insert("operations".into(), operations.into());
    out.insert("shapes".into(), shapes.finish()?.into());
    if !rules.is_null() {
        out.insert("endpoints".into(), endpoints(rules)?);
    }
    Ok(Value::Object(out))
}

fn metadata(name: &str, from: &Value) -> Result<Map<String, Value>> {
    let text = |key: &str| from.get(key).and_then(Value::as_str);
    let offered: Vec<&str> = match from.get("protocols").and_then(Value::as_array) {
        Some(list) if !list.is_empty() => list.iter().filter_map(Value::as_str).collect(),
        _ => text("protocol").into_iter().collect(),
    };
    let Some(protocol) = PROTOCOLS.into_iter().find(|known| offered.contains(known)) else {
        bail!("{name} offers none of the known protocols, but {offered:?}");
    };
    let mut out = Map::new();
    out.insert("name".into(), name.into());
    out.insert("protocol".into(), protocol.into());
    let prefix = text("endpointPrefix").unwrap_or(name);
    let facts = [
        ("id", text("serviceId").or(Some(name))),
        ("signing", text("signingName").or(Some(prefix))),
        ("version", text("apiVersion").or(Some(""))),
        ("target", text("targetPrefix")),
        ("json", text("jsonVersion")),
    ];
    for (key, value) in facts {
        if let Some(value) = value {
            out.insert(key.into(), value.into());
        }
    }
    if from.get("awsQueryCompatible").is_some() {
        out.insert("query_compatible".into(), true.into());
    }
    if text("signatureVersion") == Some("bearer") {
        out.insert("bearer".into(), true.into());
    }
    Ok(out)
}

fn compact_operation(
    name: &str,
    from: &Value,
    page: Option<&Value>,
    shapes: &mut Shapes,
) -> Result<Value> {
    let mut out = Map::new();
    out.insert("name".into(), name.into());
    let http = |key: &str| from.get("http").and_then(|http| http.get(key));
    out.insert(
        "method".into(),
        http("method").cloned().unwrap_or_else(|| "POST".into()),
    );
    out.insert(
        "uri".into(),
        http("requestUri").cloned().unwrap_or_else(|| "/".into()),
    );
    for side in ["input", "output"] {
        if let Some(reference) = from.get(side) {
            let mut member = shapes.reference("", reference)?;
            // The wrapper of a query reply is told of the output, and is all that is told of it.
            if let Some(wrapper) = reference.get("resultWrapper") {
                member.insert("wire".into(), wrapper.clone());
            }
            out.insert(side.into(), member.into());
        }
    }
    let errors = from.get("errors").and_then(Value::as_array);
    let errors: Vec<Value> = errors
        .into_iter()
        .flatten()
        .map(|error| Ok(shapes.index(error.get("shape"))?.into()))
        .collect::<Result<_>>()?;
    if !errors.is_empty() {
        out.insert("errors".into(), errors.into());
    }
    if let Some(prefix) = from.get("endpoint").and_then(|e| e.get("hostPrefix")) {
        out.insert("host_prefix".into(), prefix.clone());
    }
    let unsigned = from.get("authtype").and_then(Value::as_str) == Some("none");
    let flags = [
        ("unsigned", unsigned),
        ("unsigned_body", is_true(from, "unsignedPayload")),
        ("checksum", needs_checksum(from)),
        ("discovery", is_true(from, "endpointoperation")),
    ];
    for (key, set) in flags {
        if set {
            out.insert(key.into(), true.into());
        }
    }
    if let Some(parameters) = from.get("staticContextParams").and_then(Value::as_object) {
        let pairs: Map<String, Value> = parameters
            .iter()
            .filter_map(|(key, body)| Some((key.clone(), body.get("value")?.clone())))
            .collect();
        out.insert("context".into(), pairs.into());
    }
    if let Some(page) = page {
        out.insert("pages".into(), pagination(page));
    }
    Ok(out.into())
}

/// S3's endpoint rules place the bucket, S3 Control's the account, and the operations' own bindings place them again;
/// botocore drops the latter (`remove_bucket_from_url_paths_from_model`, `remove_accid_host_prefix_from_model`).
fn leave_to_endpoint_rules(service: &str, operation: &mut Value) {
    if service == "s3" {
        let rest = operation["uri"]
            .as_str()
            .and_then(|uri| uri.strip_prefix("/{Bucket}"))
            .map(|rest| {
                if rest.starts_with('/') {
                    rest.to_owned()
                } else {
                    format!("/{rest}")
                }
            });
        if let Some(rest) = rest {
            operation["uri"] = rest.into();
        }
    }
    let is_account = operation["host_prefix"] == "{AccountId}.";
    if service == "s3control"
        && is_account
        && let Some(operation) = operation.as_object_mut()
    {
        operation.remove("host_prefix");
    }
}

/// Each of these is one expression or several; several is the general case.
fn pagination(page: &Value) -> Value {
    let several = |key: &str| match page.get(key) {
        Some(Value::Array(list)) => Value::Array(list.clone()),
        Some(one) => json!([one]),
        None => json!([]),
    };
    let mut out = Map::new();
    out.insert("input".into(), several("input_token"));
    out.insert("output".into(), several("output_token"));
    out.insert("results".into(), several("result_key"));
    for (ours, theirs) in [("limit", "limit_key"), ("more", "more_results")] {
        if let Some(value) = page.get(theirs) {
            out.insert(ours.into(), value.clone());
        }
    }
    out.into()
}

/// Required, or supported: botocore sends one where it is supported, and Object Lock wants it.
fn needs_checksum(operation: &Value) -> bool {
    is_true(operation, "httpChecksumRequired")
        || operation
            .get("httpChecksum")
            .is_some_and(|checksum| checksum.get("requestAlgorithmMember").is_some())
}

fn is_true(from: &Value, key: &str) -> bool {
    from.get(key).and_then(Value::as_bool) == Some(true)
}

/// The shapes that operations reach, numbered in the order in which they are met.
struct Shapes<'m> {
    from: &'m Value,
    numbers: HashMap<String, usize>,
    scalars: HashMap<String, usize>,
    found: Vec<Value>,
}

impl<'m> Shapes<'m> {
    fn new(from: &'m Value) -> Self {
        Self {
            from,
            numbers: HashMap::new(),
            scalars: HashMap::new(),
            found: Vec::new(),
        }
    }

    /// Scalars differ only by their type once traits have moved to the references, so one of each is enough.
    fn index(&mut self, name: Option<&Value>) -> Result<usize> {
        let name = name.and_then(Value::as_str).context("a nameless shape")?;
        if let Some(&number) = self.numbers.get(name) {
            return Ok(number);
        }
        let from = self.from;
        let shape = from.get(name).with_context(|| format!("no shape {name}"))?;
        let kind = shape
            .get("type")
            .and_then(Value::as_str)
            .with_context(|| format!("{name} has no type"))?;
        if !matches!(kind, "structure" | "list" | "map") {
            let next = self.found.len();
            let number = *self.scalars.entry(kind.to_owned()).or_insert(next);
            if number == next {
                self.found.push(json!({ "kind": kind }));
            }
            self.numbers.insert(name.to_owned(), number);
            return Ok(number);
        }
        let number = self.found.len();
        self.numbers.insert(name.to_owned(), number);
        self.found.push(Value::Null);
        let compact = self
            .aggregate(name, kind, shape)
            .with_context(|| format!("shape {name}"))?;
        if let Some(place) = self.found.get_mut(number) {
            *place = compact;
        }
        Ok(number)
    }

    fn aggregate(&mut self, name: &str, kind: &str, shape: &Value) -> Result<Value> {
        let mut out = Map::new();
        out.insert("kind".into(), kind.into());
        let mut members = Vec::new();
        match kind {
            "list" => {
                members.push(self.reference("", shape.get("member").context("no member")?)?);
            }
            "map" => {
                members.push(self.reference("", shape.get("key").context("no key")?)?);
                members.push(self.reference("", shape.get("value").context("no value")?)?);
            }
            _ => {
                let required = shape.get("required").and_then(Value::as_array);
                let members_of = shape.get("members").and_then(Value::as_object);
                for (member, reference) in members_of.into_iter().flatten() {
                    let mut compact = self.reference(member, reference)?;
                    if required.is_some_and(|names| names.iter().any(|n| n == member)) {
                        compact.insert("required".into(), true.into());
                    }
                    members.push(compact);
                }
            }
        }
        if !members.is_empty() {
            out.insert("members".into(), members.into());
        }
        for key in ["union", "document"] {
            if is_true(shape, key) {
                out.insert(key.into(), true.into());
            }
        }
        if let Some(payload) = shape.get("payload") {
            out.insert("payload".into(), payload.clone());
        }
        if is_true(shape, "exception") {
            out.insert("error".into(), error(name, shape));
        }
        Ok(out.into())
    }

    fn reference(&mut self, name: &str, reference: &Value) -> Result<Map<String, Value>> {
        let target = reference.get("shape");
        let mut out = Map::new();
        if !name.is_empty() {
            out.insert("name".into(), name.into());
        }
        out.insert("shape".into(), self.index(target)?.into());
        let target = target.and_then(Value::as_str).unwrap_or_default();
        let shape = self.from.get(target).unwrap_or(&Value::Null);
        let trait_of = |key: &str| reference.get(key).or_else(|| shape.get(key));
        if let Some(wire) = trait_of("locationName") {
            out.insert("wire".into(), wire.clone());
        }
        let mut traits = Map::new();
        for (ours, theirs) in TRAITS {
            match trait_of(theirs) {
                None | Some(Value::Bool(false)) => {}
                Some(Value::String(uri)) if theirs == "xmlNamespace" => {
                    traits.insert(ours.into(), json!({ "uri": uri }));
                }
                Some(value) => {
                    traits.insert(ours.into(), value.clone());
                }
            }
        }
        if let Some(parameter) = reference.get("contextParam").and_then(|c| c.get("name")) {
            traits.insert("context".into(), parameter.clone());
        }
        // botocore's handlers know these two by their shapes' names.
        if target == "policyDocumentType" {
            traits.insert("policy".into(), true.into());
        }
        if matches!(target, "ResourceId" | "DelegationSetId" | "ChangeId") {
            traits.insert("last_segment".into(), true.into());
        }
        if !traits.is_empty() {
            out.insert("traits".into(), traits.into());
        }
        Ok(out)
    }

    fn finish(self) -> Result<Vec<Value>> {
        if self.found.iter().any(Value::is_null) {
            bail!("a shape was met and never filled in");
        }
        Ok(self.found)
    }
}

fn error(name: &str, shape: &Value) -> Value {
    let mut out = Map::new();
    let details = shape.get("error");
    let code = details.and_then(|error| error.get("code"));
    out.insert("name".into(), name.into());
    if let Some(code) = code {
        out.insert("code".into(), code.clone());
    }
    if let Some(retryable) = shape.get("retryable") {
        let kind = if is_true(retryable, "throttling") {
            "throttling"
        } else {
            "transient"
        };
        out.insert("retry".into(), kind.into());
    }
    out.into()
}

/// The endpoint rules without their documentation, which is a third of them.
fn endpoints(rules: &Value) -> Result<Value> {
    let mut parameters = Map::new();
    for (name, body) in object(rules, "parameters")? {
        let mut kept = Map::new();
        for key in ["builtIn", "default", "required"] {
            if let Some(value) = body.get(key) {
                kept.insert(key.into(), value.clone());
            }
        }
        parameters.insert(name.clone(), kept.into());
    }
    let rules = rules.get("rules").context("no endpoint rules")?;
    Ok(json!({ "parameters": parameters, "rules": undocumented(rules) }))
}

fn undocumented(value: &Value) -> Value {
    match value {
        Value::Array(list) => list.iter().map(undocumented).collect(),
        Value::Object(map) => map
            .iter()
            .filter(|(key, value)| {
                key.as_str() != "documentation"
                    && !(matches!(key.as_str(), "conditions" | "headers" | "properties")
                        && (value.as_array().is_some_and(Vec::is_empty)
                            || value.as_object().is_some_and(Map::is_empty)))
            })
            .map(|(key, value)| (key.clone(), undocumented(value)))
            .collect::<Map<_, _>>()
            .into(),
        scalar => scalar.clone(),
    }
}

fn object<'v>(from: &'v Value, key: &str) -> Result<&'v Map<String, Value>> {
    from.get(key)
        .and_then(Value::as_object)
        .with_context(|| format!("no {key}"))
}
