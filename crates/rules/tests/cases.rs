//! Runs the cases beside each rule, and holds every rule to its declaration.
//!
//! Oracle: the page of AWS's documentation that each case names.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

#[path = "shared/runner.rs"]
mod runner;

use std::collections::BTreeSet;

use posture_rules::{ManagedRule, Read, catalogue};
use serde_json::{Value, json};

use runner::Judged;

fn check(rule: &'static ManagedRule, case: &Value, seen: &mut Seen) -> Result<(), String> {
    let given = runner::parameters(case);
    seen.parameters
        .extend(given.into_iter().map(|(name, _)| name));
    let judged = runner::judge(rule, case, &runner::item_of(rule, case))?;
    seen.reads.extend(&judged.reads);
    compare(&judged, &case["expect"], seen)
}

#[derive(Default)]
struct Seen {
    kinds: BTreeSet<String>,
    reads: BTreeSet<&'static str>,
    parameters: BTreeSet<String>,
}

fn compare(judged: &Judged, expect: &Value, seen: &mut Seen) -> Result<(), String> {
    let kind = judged.word();
    seen.kinds.insert(kind.to_owned());
    if expect["complianceType"] != json!(kind) {
        return Err(format!(
            "is {kind} ({}), expected {}",
            judged.reason, expect["complianceType"]
        ));
    }
    let plain = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => "not set".to_owned(),
        other => other.to_string(),
    };
    for (name, actual) in ["found", "expected"].into_iter().zip(&judged.shown) {
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
        Some(part) if !judged.reason.contains(part) => {
            Err(format!("reason {:?} lacks {part:?}", judged.reason))
        }
        _ => Ok(()),
    }
}

#[test]
fn every_rule_does_what_its_cases_say() {
    let mut problems = Vec::new();
    let mut run = 0;
    for entry in catalogue::entries() {
        let rule = entry.rule;
        let text = std::fs::read_to_string(runner::cases_file(rule)).unwrap();
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
