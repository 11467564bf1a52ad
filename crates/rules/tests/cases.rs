//! Runs the cases beside each rule, and holds every rule to its declaration.
//!
//! Oracle: the page of AWS's documentation that each case names.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use bumpalo::Bump;
use jiff::Timestamp;
use posture_model::{ConfigurationItem, InsufficientData, ReadLog, Source, tree};
use posture_rules::{
    By, Context, Evaluation, ManagedRule, Other, Params, Read, Related, catalogue,
};
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

fn cases_file(rule: &ManagedRule) -> PathBuf {
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

/// `configuration.a.b: 1` beside `configuration.c: 2` as one document.
fn item_of(rule: &ManagedRule, case: &Value) -> Value {
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

fn check(rule: &'static ManagedRule, case: &Value, seen: &mut Seen) -> Result<(), String> {
    let arena = Bump::new();
    let given: Vec<(String, String)> = case["params"]
        .as_object()
        .unwrap_or(&Map::new())
        .iter()
        .map(|(name, value)| {
            (
                name.clone(),
                value.as_str().map_or(value.to_string(), str::to_owned),
            )
        })
        .collect();
    seen.parameters
        .extend(given.iter().map(|(name, _)| name.clone()));
    let pairs = given
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let params = Params::resolve(rule.parameters, pairs).map_err(|errors| format!("{errors:?}"))?;
    let log = ReadLog::default();
    let text = item_of(rule, case).to_string();
    let parse = |text: String| {
        let bytes = arena.alloc_slice_copy(text.as_bytes());
        tree::parse(bytes, &arena).map_err(|error| error.to_string())
    };
    let source = if case["source"] == json!("aws-config") {
        Source::AwsConfig
    } else {
        Source::Recorder
    };
    let item = ConfigurationItem::from_node(parse(text)?, Source::Recorder, &arena)
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
    seen.reads.extend(log.paths());
    compare(&verdict, &case["expect"], seen)
}

#[derive(Default)]
struct Seen {
    kinds: BTreeSet<String>,
    reads: BTreeSet<&'static str>,
    parameters: BTreeSet<String>,
}

fn compare(
    verdict: &Result<Evaluation<'_>, InsufficientData>,
    expect: &Value,
    seen: &mut Seen,
) -> Result<(), String> {
    let (kind, found, expected, reason) = match verdict {
        Ok(evaluation) => (
            evaluation.compliance_type.as_str(),
            evaluation.found.to_string(),
            evaluation.expected.to_string(),
            evaluation.reason(),
        ),
        Err(data) => (
            "INSUFFICIENT_DATA",
            String::new(),
            String::new(),
            data.to_string(),
        ),
    };
    seen.kinds.insert(kind.to_owned());
    if expect["complianceType"] != json!(kind) {
        return Err(format!(
            "is {kind} ({reason}), expected {}",
            expect["complianceType"]
        ));
    }
    let plain = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => "not set".to_owned(),
        other => other.to_string(),
    };
    for (name, actual) in [("found", &found), ("expected", &expected)] {
        if let Some(wanted) = expect.get(name)
            && plain(wanted) != *actual
        {
            return Err(format!(
                "{name} is {actual:?}, expected {:?}",
                plain(wanted)
            ));
        }
    }
    match expect["reason"].as_str() {
        Some(part) if !reason.contains(part) => Err(format!("reason {reason:?} lacks {part:?}")),
        _ => Ok(()),
    }
}

#[test]
fn every_rule_does_what_its_cases_say() {
    let mut problems = Vec::new();
    let mut run = 0;
    for entry in catalogue::entries() {
        let rule = entry.rule;
        let text = std::fs::read_to_string(cases_file(rule)).unwrap();
        let file: Value = match serde_saphyr::from_str(&text) {
            Ok(file) => file,
            Err(error) => {
                problems.push(format!("{}: {error}", rule.id));
                continue;
            }
        };
        let mut seen = Seen::default();
        for case in file["cases"].as_array().unwrap() {
            run += 1;
            let oracle = case["oracle"].as_str().unwrap_or("");
            if file["oracles"].get(oracle).is_none() {
                problems.push(format!(
                    "{}: {}: no oracle {oracle:?}",
                    rule.id, case["name"]
                ));
            }
            if let Err(problem) = check(rule, case, &mut seen) {
                problems.push(format!("{}: {}: {problem}", rule.id, case["name"]));
            }
        }
        problems.extend(gaps(rule, &seen));
    }
    println!("{run} cases of {} rules", catalogue::entries().len());
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    assert!(run > 0);
}

/// What a rule's cases never showed.
fn gaps(rule: &ManagedRule, seen: &Seen) -> Vec<String> {
    let mut gaps = Vec::new();
    for kind in ["COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA"] {
        if !seen.kinds.contains(kind) {
            gaps.push(format!("{}: no case is {kind}", rule.id));
        }
    }
    for parameter in rule.parameters {
        if !seen.parameters.contains(parameter.name) {
            gaps.push(format!("{}: no case sets {}", rule.id, parameter.name));
        }
    }
    let declared: BTreeSet<&str> = rule
        .reads
        .iter()
        .filter_map(|read| match read {
            Read::Own(path) => Some(path.as_str()),
            Read::Other(_) => None,
        })
        .collect();
    if declared != seen.reads.iter().copied().collect() {
        gaps.push(format!(
            "{}: declares {declared:?}, reads {:?}",
            rule.id, seen.reads
        ));
    }
    gaps
}

#[test]
fn ids_and_identifiers_follow_the_house_law() {
    let mut identifiers = BTreeSet::new();
    for entry in catalogue::entries() {
        let rule = entry.rule;
        assert!(
            identifiers.insert(rule.identifier()),
            "{} twice",
            rule.identifier()
        );
        assert!(
            !rule.title.contains("should"),
            "{}: say what is true when it passes",
            rule.id
        );
        assert!(
            entry.page().contains("## Result"),
            "{} has no page",
            rule.id
        );
        assert!(
            entry.page().contains("## Source"),
            "{} names no source",
            rule.id
        );
    }
}
