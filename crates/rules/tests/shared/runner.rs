//! Runs one case of a rule: builds its item, its parameters and its other items.

use std::path::{Path, PathBuf};

use bumpalo::Bump;
use jiff::Timestamp;
use posture_model::{ConfigurationItem, InsufficientData, ReadLog, Source, tree};
use posture_rules::{By, ComplianceType, Context, ManagedRule, Other, Params, Read, Related};
use serde_json::{Map, Value, json};

struct Others<'a>(Vec<ConfigurationItem<'a>>, Vec<String>);

impl<'a> Related<'a> for &'a Others<'a> {
    fn find(
        &self,
        _: &ConfigurationItem<'a>,
        other: &Other,
        value: Option<&str>,
    ) -> Result<Vec<&'a ConfigurationItem<'a>>, InsufficientData> {
        let name = other.resource_type.as_str();
        let all = || self.0.iter().filter(|item| item.type_name() == name);
        if all().next().is_none() && !self.1.iter().any(|listed| listed == name) {
            return Err(other.not_recorded());
        }
        let (By::Value(path), Some(value)) = (other.by, value) else {
            return Ok(all().collect());
        };
        let mut found = Vec::new();
        for item in all() {
            let values = item.each(path)?;
            if values.iter().any(|node| node.as_text() == Some(value)) {
                found.push(item);
            }
        }
        Ok(found)
    }
}

/// Where the cases of a rule are.
pub(crate) fn cases_file(rule: &ManagedRule) -> PathBuf {
    let stem = rule.id.replace('-', "_");
    let services = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/services");
    std::fs::read_dir(services)
        .unwrap()
        .map(|entry| entry.unwrap().path().join(format!("{stem}.cases.yaml")))
        .find(|path| path.exists())
        .unwrap_or_else(|| {
            panic!(
                "{} has no cases, or its file is not named for its id",
                rule.id
            )
        })
}

/// The places that a rule reads of items of a type, its own or other ones.
fn read_of(rule: &ManagedRule, resource_type: &str) -> Vec<posture_model::Path> {
    let mut paths = Vec::new();
    for read in rule.reads {
        match read {
            Read::Own(path) => paths.push(*path),
            Read::Other(other) if other.resource_type.as_str() == resource_type => {
                paths.extend(other.all_paths());
            }
            Read::Other(_) => {}
        }
    }
    paths
}

/// `configuration.a.b: 1` beside `configuration.c: 2` as one document. Every API operation that the
/// rule reads was asked and answered nothing, unless the case says otherwise.
pub(crate) fn item_of(rule: &ManagedRule, case: &Value) -> Value {
    let resource_type = case["type"]
        .as_str()
        .unwrap_or(rule.resource_types[0].as_str());
    let mut item = json!({
        "version": "1.3", "accountId": "123456789012", "awsRegion": "us-east-1",
        "resourceType": resource_type, "resourceId": "the-resource",
        "configurationItemCaptureTime": "2026-01-01T00:00:00Z", "configurationItemStatus": "OK",
    });
    for (place, value) in case["given"].as_object().unwrap_or(&Map::new()) {
        let mut at = &mut item;
        for name in place.split('.') {
            if at.is_null() {
                *at = json!({});
            }
            at = &mut at[name];
        }
        *at = value.clone();
    }
    if case["source"] != json!("aws-config") {
        for operation in read_of(rule, resource_type)
            .into_iter()
            .filter_map(posture_model::Path::operation)
        {
            if item["supplementaryConfiguration"].is_null() {
                item["supplementaryConfiguration"] = json!({});
            }
            let replies = item["supplementaryConfiguration"].as_object_mut().unwrap();
            replies.entry(operation).or_insert(Value::Null);
        }
    }
    let unread: Vec<Value> = case["unread"]
        .as_object()
        .unwrap_or(&Map::new())
        .iter()
        .map(|(path, why)| {
            let (state, action) = why.as_object().unwrap().iter().next().unwrap();
            json!({"path": path, "state": state, "action": action})
        })
        .collect();
    item["unread"] = json!(unread);
    item
}

/// A verdict, in words.
pub(crate) struct Judged {
    /// None where nothing could be decided.
    pub(crate) compliance_type: Option<ComplianceType>,
    /// What was found and what was expected; empty where nothing could be decided.
    pub(crate) shown: [String; 2],
    pub(crate) reason: String,
    /// The places that the rule read of the item.
    pub(crate) reads: Vec<&'static str>,
}

impl Judged {
    pub(crate) fn word(&self) -> &'static str {
        self.compliance_type
            .map_or("INSUFFICIENT_DATA", ComplianceType::as_str)
    }
}

/// The parameters that a case gives, as text.
pub(crate) fn parameters(case: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
    let given = case["params"].as_object().into_iter().flatten();
    given
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
}

/// Judges `item`, in the circumstances of a case.
pub(crate) fn judge(
    rule: &'static ManagedRule,
    case: &Value,
    item: &Value,
) -> Result<Judged, String> {
    let arena = Bump::new();
    let given = parameters(case);
    let pairs = given
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let params = Params::resolve(rule.parameters, pairs).map_err(|errors| format!("{errors:?}"))?;
    let log = ReadLog::default();
    let parse = |text: String| {
        let bytes = arena.alloc_slice_copy(text.as_bytes());
        tree::parse(bytes, &arena).map_err(|error| error.to_string())
    };
    let source = if case["source"] == json!("aws-config") {
        Source::AwsConfig
    } else {
        Source::Recorder
    };
    let item = ConfigurationItem::from_node(parse(item.to_string())?, Source::Recorder, &arena)
        .map_err(|error| error.to_string())?
        .with_source(source)
        .with_read_log(&log);
    let mut others = Others(Vec::new(), Vec::new());
    for other in case["others"].as_array().unwrap_or(&Vec::new()) {
        let node = parse(item_of(rule, other).to_string())?;
        let other = ConfigurationItem::from_node(node, Source::Recorder, &arena);
        others.0.push(other.map_err(|error| error.to_string())?);
    }
    for listed in case["listed"].as_array().unwrap_or(&Vec::new()) {
        others.1.push(listed.as_str().unwrap().to_owned());
    }
    let now: Timestamp = case["now"]
        .as_str()
        .unwrap_or("2026-06-01T00:00:00Z")
        .parse()
        .unwrap();
    let others = arena.alloc(others);
    let related: &dyn Related<'_> = arena.alloc(&*others);
    let verdict = rule.evaluate(&item, &params, &Context::new(now, related));
    let reads = log.paths();
    Ok(match verdict {
        Ok(evaluation) => Judged {
            compliance_type: Some(evaluation.compliance_type),
            shown: [
                evaluation.found.to_string(),
                evaluation.expected.to_string(),
            ],
            reason: evaluation.reason(),
            reads,
        },
        Err(data) => Judged {
            compliance_type: None,
            shown: [String::new(), String::new()],
            reason: data.to_string(),
            reads,
        },
    })
}
