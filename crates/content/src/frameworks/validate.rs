//! What must hold between the parts of a framework.

use std::collections::{BTreeMap, BTreeSet};

use super::framework::{Control, Coverage, Framework};
use crate::yaml::{Place, Problem};

/// Where the parts of a framework are in its text.
pub(super) struct Places {
    /// Of the framework's sets, in order.
    pub(super) sets: Vec<Place>,
    /// Of its controls, in order.
    pub(super) controls: Vec<ControlPlaces>,
}

/// Where the members of a control are; the control's own place for those that are absent.
pub(super) struct ControlPlaces {
    /// Whether its members are all as they should be; else what follows from them is not said.
    pub(super) is_whole: bool,
    pub(super) control: Place,
    pub(super) set: Place,
    pub(super) parent: Place,
    pub(super) coverage: Place,
    /// In the order of the control's rules.
    pub(super) rules: Vec<Place>,
    /// In the order of its groups.
    pub(super) groups: Vec<Place>,
}

/// Every mistake between the parts.
pub(super) fn problems(framework: &Framework, places: &Places) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut first: BTreeMap<&str, Place> = BTreeMap::new();
    for (control, at) in framework.controls.iter().zip(&places.controls) {
        if let Some(known) = first.get(control.id.as_str()) {
            let message = format!(
                "control {} is given twice, first on line {}",
                control.id, known.line
            );
            problems.push(Problem::new(at.control, message));
        } else {
            first.insert(&control.id, at.control);
        }
        references(framework, control, at, &mut problems);
        if at.is_whole
            && let Some(message) = contradiction(control)
        {
            problems.push(Problem::new(
                at.coverage,
                format!("control {} {message}", control.id),
            ));
        }
        for (mapping, place) in control.rules.iter().zip(&at.rules) {
            if mapping.stricter.is_some() && control.coverage == Coverage::NotAutomated {
                problems.push(Problem::new(
                    *place,
                    "a stricter rule of a control without coverage",
                ));
            }
        }
    }
    let used: BTreeSet<&str> = framework
        .controls
        .iter()
        .map(|control| control.set.as_str())
        .collect();
    for (set, place) in framework.sets.iter().zip(&places.sets) {
        if !used.contains(set.id.as_str()) {
            problems.push(Problem::new(
                *place,
                format!("control set {:?} has no control", set.id),
            ));
        }
    }
    problems.extend(cycles(framework, places));
    problems
}

fn references(
    framework: &Framework,
    control: &Control,
    at: &ControlPlaces,
    problems: &mut Vec<Problem>,
) {
    let sets = || framework.sets.iter().map(|set| set.id.as_str());
    if !control.set.is_empty() && !sets().any(|set| set == control.set) {
        problems.push(Problem::unknown(
            at.set,
            "the framework has no control set",
            &control.set,
            sets(),
        ));
    }
    let groups = || framework.groups.iter().map(|group| group.id.as_str());
    for (group, place) in control.groups.iter().zip(&at.groups) {
        if !groups().any(|known| known == group) {
            problems.push(Problem::unknown(
                *place,
                "the framework has no group",
                group,
                groups(),
            ));
        }
    }
    let ids = || framework.controls.iter().map(|control| control.id.as_str());
    if let Some(parent) = &control.parent
        && !ids().any(|known| known == parent)
    {
        problems.push(Problem::unknown(
            at.parent,
            "the framework has no control",
            parent,
            ids(),
        ));
    }
}

/// How a control's coverage disagrees with its sources.
fn contradiction(control: &Control) -> Option<&'static str> {
    let has_rules = !control.rules.is_empty();
    let has_calls = !control.api_calls.is_empty() || !control.cloudtrail.is_empty();
    let has_findings = !control.security_hub.is_empty();
    let has_evidence = !control.evidence.is_empty();
    if control.coverage != Coverage::Full && control.because.is_none() {
        return Some("has no because: say why its coverage is not full");
    }
    match control.coverage {
        Coverage::Full if !control.rules.iter().any(super::RuleMapping::decides) => Some(
            "is covered in full without a rule that decides it: direct or supporting, and not stricter",
        ),
        Coverage::Partial if !(has_rules || has_calls || has_findings) => Some(
            "is covered in part, and names no rule, Security Hub control, API call or CloudTrail event",
        ),
        Coverage::Manual if has_rules || has_findings => {
            Some("is manual, and names rules: then its coverage is partial")
        }
        Coverage::Manual if !has_evidence => Some("is manual, and names no evidence"),
        Coverage::NotAutomated if has_rules || has_evidence || has_calls => {
            Some("is not automated, and names rules, calls or evidence")
        }
        _ => None,
    }
}

/// Controls whose parents lead back to themselves; each cycle once, at its first control.
fn cycles(framework: &Framework, places: &Places) -> Vec<Problem> {
    let parents: BTreeMap<&str, &str> = framework
        .controls
        .iter()
        .filter_map(|control| Some((control.id.as_str(), control.parent.as_deref()?)))
        .collect();
    let mut settled: BTreeSet<&str> = BTreeSet::new();
    let mut problems = Vec::new();
    for (control, at) in framework.controls.iter().zip(&places.controls) {
        let mut path: Vec<&str> = Vec::new();
        let mut next = Some(control.id.as_str());
        while let Some(id) = next.filter(|id| !settled.contains(id)) {
            if let Some(start) = path.iter().position(|known| *known == id) {
                let cycle = path.get(start..).unwrap_or_default().join(" → ");
                let message = format!("parents in a circle: {cycle} → {id}");
                problems.push(Problem::new(at.parent, message));
                break;
            }
            path.push(id);
            next = parents.get(id).copied();
        }
        settled.extend(path);
    }
    problems
}

/// `IAM.6`, `EC2.21`.
pub(super) fn is_security_hub_control(text: &str) -> bool {
    text.split_once('.').is_some_and(|(service, number)| {
        !service.is_empty()
            && service.chars().all(|letter| letter.is_ascii_alphanumeric())
            && !number.is_empty()
            && number.chars().all(|letter| letter.is_ascii_digit())
    })
}

/// `iam_ListUsers`: the service's endpoint prefix, and the operation.
pub(super) fn is_api_call(text: &str) -> bool {
    text.split_once('_').is_some_and(|(service, operation)| {
        !service.is_empty()
            && service.chars().all(|letter| {
                letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-'
            })
            && is_event(operation)
    })
}

/// `CreateUser`, `ConsoleLogin`.
pub(super) fn is_event(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_uppercase())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric())
}
