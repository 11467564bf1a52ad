//! Oracle: the controls that AWS's Automated Security Response fixes, in `../shared/data/facts`. Each has a document of
//! ours which the rule that finds the failure names, or a reason in `without.yaml` why it has none.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use posture_content::standards;
use posture_remediation::Content;
use posture_rules::{Remedy, catalogue};

/// A control, and the one whose runbook it shares; empty where it has its own.
fn controls() -> Option<BTreeMap<String, String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/facts/asr_sc_remediable_controls.csv");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("SKIPPED: ../shared/data/facts is absent");
        return None;
    };
    let lines = text.lines().skip(1);
    let pairs = lines.map(|line| line.split_once(',').unwrap());
    Some(
        pairs
            .map(|(id, of)| (id.to_owned(), of.to_owned()))
            .collect(),
    )
}

/// `tests/without.yaml`.
fn reasons() -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/without.yaml");
    serde_saphyr::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The documents of each control.
fn documents(content: &Content) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut documents: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for remedy in content.remedies() {
        for control in &remedy.safety.controls {
            documents.entry(control).or_default().insert(&remedy.name);
        }
    }
    documents
}

#[test]
fn each_control_that_asr_fixes_has_a_document_or_a_reason() {
    let Some(controls) = controls() else { return };
    let content = Content::embedded().unwrap();
    let (documents, reasons) = (documents(&content), reasons());
    let none = BTreeSet::new();
    let of = |control: &str| documents.get(control).unwrap_or(&none);
    let mut problems = Vec::new();
    for (control, shared) in &controls {
        match (of(control).is_empty(), reasons.get(control)) {
            (true, None) => problems.push(format!(
                "{control} has neither a document nor a reason in without.yaml"
            )),
            (false, Some(_)) => problems.push(format!(
                "{control} has a document: take it out of without.yaml"
            )),
            (true, Some(reason)) if reason.trim().is_empty() => {
                problems.push(format!("{control}: no reason is said"));
            }
            (true, Some(_)) | (false, None) => {}
        }
        if !shared.is_empty() && !of(control).is_empty() && of(control).is_disjoint(of(shared)) {
            problems.push(format!(
                "{control} shares no document with {shared}, as it does with AWS"
            ));
        }
    }
    for control in reasons
        .keys()
        .filter(|control| !controls.contains_key(*control))
    {
        problems.push(format!("without.yaml: {control} is none of ASR's controls"));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Not only ASR's: whoever has a failure comes from its rule to the document.
#[test]
fn the_rule_of_a_control_names_a_document_of_it() {
    let content = Content::embedded().unwrap();
    let documents = documents(&content);
    let mut problems = Vec::new();
    for (control, documents) in documents {
        let Some(known) = standards::embedded().unwrap().control(control) else {
            problems.push(format!("{control} of {documents:?} is no control"));
            continue;
        };
        let Some(entry) = catalogue::find(&known.rule) else {
            continue;
        };
        match entry.rule.remedy {
            Remedy::Automation(name) if documents.contains(name) => {}
            // Another control of the same rule may have the better document.
            Remedy::Automation(name) if content.remedy(name).is_ok() => {}
            other => problems.push(format!(
                "{}: remedy is {other:?}, expected one of {documents:?}",
                known.rule
            )),
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
