//! What was not read, and what can't be understood, never ends as COMPLIANT.
//!
//! Oracle: DESIGN.md, a check that could not run is never a pass. Every case that passes is run
//! again with one thing spoiled. Where it still passes, `never_a_pass.allow` says why.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

#[path = "shared/runner.rs"]
mod runner;
mod shared;

use std::collections::BTreeMap;

use posture_rules::{ComplianceType, ManagedRule, catalogue};
use serde_json::{Value, json};

/// Every case that passes, with its item.
fn passing() -> Vec<(&'static ManagedRule, Value, Value)> {
    let mut passing = Vec::new();
    for entry in catalogue::entries() {
        let text = std::fs::read_to_string(runner::cases_file(entry.rule)).unwrap();
        let file: Value = serde_saphyr::from_str(&text).unwrap();
        for case in file["cases"].as_array().unwrap() {
            if case["expect"]["complianceType"] == json!("COMPLIANT") {
                let item = runner::item_of(entry.rule, case);
                passing.push((entry.rule, case.clone(), item));
            }
        }
    }
    passing
}

fn passes(rule: &'static ManagedRule, case: &Value, item: &Value) -> bool {
    let judged = runner::judge(rule, case, item).unwrap();
    judged.compliance_type == Some(ComplianceType::Compliant)
}

#[test]
fn a_place_that_was_not_read_is_no_pass() {
    let mut problems = Vec::new();
    for (rule, case, item) in passing() {
        let reads = runner::judge(rule, &case, &item).unwrap().reads;
        for place in reads {
            let mut item = item.clone();
            item["unread"] = json!([{"path": place, "state": "denied", "action": "a:B"}]);
            if passes(rule, &case, &item) {
                problems.push(format!("{} {place}: {}", rule.id, case["name"]));
            }
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn an_item_of_which_nothing_was_read_is_no_pass() {
    for entry in catalogue::entries() {
        for resource_type in entry.rule.resource_types {
            let case = json!({"type": resource_type.as_str(), "source": "aws-config"});
            let item = runner::item_of(entry.rule, &case);
            for part in ["configuration", "supplementaryConfiguration"] {
                let mut item = item.clone();
                item["unread"] = json!([{"path": part, "state": "denied", "action": "a:B"}]);
                let is_needed = entry.rule.reads.iter().any(|read| match read {
                    posture_rules::Read::Own(path) => path.is_within(part),
                    posture_rules::Read::Other(_) => false,
                });
                assert!(
                    !is_needed || !passes(entry.rule, &case, &item),
                    "{}",
                    entry.rule.id
                );
            }
        }
    }
}

/// Pointers to every value in what a rule may read of an item.
fn pointers(node: &Value, pointer: &str, pointers_to: &mut Vec<String>) {
    if !pointer.is_empty() {
        pointers_to.push(pointer.to_owned());
    }
    let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
    match node {
        Value::Object(members) => {
            for (name, member) in members {
                pointers(member, &format!("{pointer}/{}", escaped(name)), pointers_to);
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                pointers(element, &format!("{pointer}/{index}"), pointers_to);
            }
        }
        _ => {}
    }
}

#[test]
fn a_value_of_another_kind_is_no_pass() {
    let mut found = BTreeMap::new();
    for (rule, case, item) in passing() {
        for part in ["configuration", "supplementaryConfiguration"] {
            let mut places = Vec::new();
            pointers(&item[part], "", &mut places);
            for place in places {
                let pointer = format!("/{part}{place}");
                let spoiled = match item.pointer(&pointer) {
                    None | Some(Value::Null) => continue,
                    Some(Value::Array(_) | Value::Object(_)) => json!("spoiled"),
                    Some(_) => json!({"spoiled": true}),
                };
                let mut item = item.clone();
                *item.pointer_mut(&pointer).unwrap() = spoiled;
                if passes(rule, &case, &item) {
                    found.insert(format!("{} {pointer}", rule.id), case["name"].to_string());
                }
            }
        }
    }
    shared::assert_as_allowed("never_a_pass.allow", &found);
}
