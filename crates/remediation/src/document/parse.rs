//! From a text to a document.

mod actions;

use std::collections::BTreeMap;

use posture_content::yaml::{self, Problem, Value as Yaml};
use serde_json::Value;
use serde_json_path::JsonPath;

use super::members::Members;
use super::step::{OnFailure, Output, Step};
use super::{Document, Kind, check, parameter};

use actions::action;

type Problems = Vec<Problem>;

const DOCUMENT: &[&str] = &[
    "schemaVersion",
    "description",
    "assumeRole",
    "parameters",
    "variables",
    "mainSteps",
    "outputs",
    "files",
];

const STEP: &[&str] = &[
    "name",
    "action",
    "description",
    "inputs",
    "outputs",
    "onFailure",
    "onCancel",
    "maxAttempts",
    "timeoutSeconds",
    "isCritical",
    "isEnd",
    "nextStep",
];

pub(super) fn document(text: &str) -> Result<Document, Problems> {
    let root = yaml::read(text).map_err(|problem| vec![problem])?;
    let mut problems = Problems::new();
    let Some(members) = Members::of(&root, "an automation document", DOCUMENT, &mut problems)
    else {
        return Err(problems);
    };
    if let Some(version) = members.needed("schemaVersion", &mut problems)
        && version.text() != Some("0.3")
    {
        problems.push(Problem::new(
            version.place,
            "schemaVersion is '0.3' in automation documents",
        ));
    }
    if let Some(files) = members.get("files") {
        let message = "files, attachments of scripts, can only be had by SSM";
        problems.push(Problem::new(files.place, message));
    }
    let mut parameters = BTreeMap::new();
    let mut variables = BTreeMap::new();
    if let Some(given) = members.get("parameters")
        && let Some(given) = Members::any(given, "parameters", &mut problems)
    {
        for (key, value) in given.iter() {
            if let Some(parameter) = parameter::read(value, &mut problems) {
                parameters.insert(key.text.clone(), parameter);
            }
        }
    }
    if let Some(given) = members.get("variables")
        && let Some(given) = Members::any(given, "variables", &mut problems)
    {
        for (key, value) in given.iter() {
            if let Some(variable) = parameter::read(value, &mut problems) {
                variables.insert(key.text.clone(), variable.default.unwrap_or(Value::Null));
            }
        }
    }
    members.needed("mainSteps", &mut problems);
    let outputs = members.list("outputs", &mut problems);
    let document = Document {
        description: members
            .text("description", &mut problems)
            .map(str::to_owned),
        assume_role: members.text("assumeRole", &mut problems).map(str::to_owned),
        parameters,
        variables,
        steps: steps(members.list("mainSteps", &mut problems), &mut problems),
        outputs: outputs
            .iter()
            .filter_map(Yaml::text)
            .map(str::to_owned)
            .collect(),
    };
    check::document(&document, &mut problems);
    problems.sort();
    if problems.is_empty() {
        Ok(document)
    } else {
        Err(problems)
    }
}

fn steps(given: &[Yaml], problems: &mut Problems) -> Vec<Step> {
    given
        .iter()
        .filter_map(|value| step(value, problems))
        .collect()
}

fn step(value: &Yaml, problems: &mut Problems) -> Option<Step> {
    let members = Members::of(value, "a step", STEP, problems)?;
    let name = members.needed_text("name", problems)?;
    let is_name = !name.is_empty()
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-');
    if !is_name {
        let message = format!("{name:?} is no name of a step: letters, digits, _ and -");
        problems.push(Problem::new(value.place, message));
    }
    let mut outputs = outputs(&members, problems);
    let action = action(&members, &mut outputs, problems)?;
    let on_failure = on_failure(&members, "onFailure", problems);
    let is_critical = members
        .truth("isCritical", problems)
        .unwrap_or(on_failure != OnFailure::Continue);
    Some(Step {
        name: name.to_owned(),
        place: value.place,
        action,
        outputs,
        on_cancel: self::on_failure(&members, "onCancel", problems),
        on_failure,
        max_attempts: members.count("maxAttempts", problems).unwrap_or(1).max(1),
        timeout_seconds: members.count("timeoutSeconds", problems),
        is_critical,
        is_end: members.truth("isEnd", problems).unwrap_or(false),
        next_step: members.text("nextStep", problems).map(str::to_owned),
    })
}

fn on_failure(members: &Members<'_>, name: &str, problems: &mut Problems) -> OnFailure {
    let Some(text) = members.text(name, problems) else {
        return OnFailure::Abort;
    };
    if let Some(step) = text.strip_prefix("step:") {
        return OnFailure::Step(step.trim().to_owned());
    }
    match text {
        "Abort" | "abort" => OnFailure::Abort,
        "Continue" | "continue" => OnFailure::Continue,
        _ => {
            let place = members.get(name).map_or(members.place, |value| value.place);
            let message = format!("{name} is {text:?}, expected Abort, Continue or step:NAME");
            problems.push(Problem::new(place, message));
            OnFailure::Abort
        }
    }
}

fn outputs(members: &Members<'_>, problems: &mut Problems) -> Vec<Output> {
    let mut outputs: Vec<Output> = Vec::new();
    for value in members.list("outputs", problems) {
        let known = &["Name", "Selector", "Type"];
        let Some(output) = Members::of(value, "an output", known, problems) else {
            continue;
        };
        let name = output.needed_text("Name", problems);
        let selector = output.needed_text("Selector", problems);
        let kind = output.get("Type");
        let kind = kind.map_or(Some(Kind::String), |kind| Kind::read(kind, problems));
        let (Some(name), Some(selector), Some(kind)) = (name, selector, kind) else {
            continue;
        };
        if outputs.iter().any(|other| other.name == name) {
            let message = format!("the output {name} is given twice");
            problems.push(Problem::new(value.place, message));
        }
        json_path(selector, value, problems);
        outputs.push(Output {
            name: name.to_owned(),
            selector: rooted(selector),
            kind,
        });
    }
    outputs
}

/// AWS takes `Member` for `$.Member`.
fn rooted(selector: &str) -> String {
    if selector.starts_with('$') {
        return selector.to_owned();
    }
    format!("$.{selector}")
}

fn json_path(selector: &str, at: &Yaml, problems: &mut Problems) {
    if let Err(error) = JsonPath::parse(&rooted(selector)) {
        let message = format!("{selector:?} is no JSONPath: {error}");
        problems.push(Problem::new(at.place, message));
    }
}
