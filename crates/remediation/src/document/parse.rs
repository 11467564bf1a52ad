//! From a text to a document.

use std::collections::BTreeMap;

use posture_content::yaml::{self, Kind as YamlKind, Problem, Value as Yaml};
use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use super::action::{ACTIONS, Action, Call, Iteration, Primitive};
use super::builtin::{BUILTINS, Builtin};
use super::condition::Condition;
use super::members::{Members, json};
use super::step::{OnFailure, Output, Step};
use super::{Document, Kind, check, parameter};

type Problems = Vec<Problem>;

/// AWS's limit for `aws:loop`.
const MAX_ITERATIONS: u32 = 100;

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

fn action(
    members: &Members<'_>,
    outputs: &mut Vec<Output>,
    problems: &mut Problems,
) -> Option<Action> {
    let name = members.needed_text("action", problems)?;
    let place = members.get("action")?.place;
    if !ACTIONS.contains(&name) {
        problems.push(Problem::unknown(place, "unknown action", name, ACTIONS));
        return None;
    }
    let nothing = Yaml {
        place: members.place,
        kind: YamlKind::Mapping(Vec::new()),
        is_plain: false,
    };
    let inputs = members.get("inputs").unwrap_or(&nothing);
    if let Some(builtin) = BUILTINS.iter().find(|builtin| builtin.name == name) {
        return expanded(builtin, inputs, outputs, problems);
    }
    let allowed = |known: &[&str], problems: &mut Problems| {
        Members::of(inputs, &format!("the inputs of {name}"), known, problems).map(|_| ())
    };
    let given = Members::any(inputs, "inputs", problems)?;
    match name {
        "aws:executeAwsApi" => {
            let call = call(&given, problems)?;
            Some(Action::Calls(vec![Primitive::Call(call)]))
        }
        "aws:assertAwsResourceProperty" | "aws:waitForAwsResourceProperty" => {
            property(&given, name.starts_with("aws:wait"), problems)
        }
        "aws:branch" => {
            allowed(&["Choices", "Default"], problems)?;
            branch(&given, problems)
        }
        "aws:loop" => {
            allowed(LOOP, problems)?;
            repeated(&given, problems)
        }
        "aws:sleep" => {
            allowed(&["Duration", "Timestamp"], problems)?;
            sleep(&given, problems)
        }
        "aws:pause" => Some(Action::Pause),
        "aws:approve" => {
            allowed(APPROVE, problems)?;
            Some(Action::Approve {
                approvers: json(given.needed("Approvers", problems)?),
                minimum: given.count("MinRequiredApprovals", problems).unwrap_or(1),
                message: given.get("Message").map(json),
            })
        }
        "aws:updateVariable" => update_variable(&given, problems),
        "aws:executeAutomation" => {
            allowed(EXECUTE, problems)?;
            execute(&given, problems)
        }
        "aws:executeScript" => {
            allowed(SCRIPT, problems)?;
            script(&given, problems)
        }
        _ => Some(Action::OnlySsm("an integration for webhooks")),
    }
}

const LOOP: &[&str] = &[
    "Steps",
    "Iterators",
    "IteratorDataType",
    "LoopCondition",
    "MaxIterations",
];

const APPROVE: &[&str] = &[
    "Approvers",
    "MinRequiredApprovals",
    "NotificationArn",
    "Message",
];

const EXECUTE: &[&str] = &[
    "DocumentName",
    "DocumentVersion",
    "RuntimeParameters",
    "MaxConcurrency",
    "MaxErrors",
    "TargetLocations",
    "TargetMaps",
    "TargetParameterName",
    "Targets",
];

const SCRIPT: &[&str] = &["Runtime", "Handler", "Script", "InputPayload", "Attachment"];

fn property(members: &Members<'_>, waits: bool, problems: &mut Problems) -> Option<Action> {
    let given = members.needed("PropertySelector", problems)?;
    let selector = rooted(members.needed_text("PropertySelector", problems)?);
    json_path(&selector, given, problems);
    let desired = json(members.needed("DesiredValues", problems)?);
    let call = call(members, problems)?;
    let primitive = if waits {
        Primitive::Wait {
            call,
            selector,
            desired,
            hopeless: &[],
        }
    } else {
        Primitive::Assert {
            call,
            selector,
            desired,
        }
    };
    Some(Action::Calls(vec![primitive]))
}

fn sleep(members: &Members<'_>, problems: &mut Problems) -> Option<Action> {
    let (duration, timestamp) = (members.get("Duration"), members.get("Timestamp"));
    if duration.is_some() == timestamp.is_some() {
        let message = "give one of Duration and Timestamp";
        problems.push(Problem::new(members.place, message));
        return None;
    }
    Some(Action::Sleep {
        duration: duration.map(json),
        timestamp: timestamp.map(json),
    })
}

fn execute(members: &Members<'_>, problems: &mut Problems) -> Option<Action> {
    for wide in ["TargetLocations", "TargetMaps", "Targets"] {
        if let Some(value) = members.get(wide) {
            let message = format!("{wide}: one run is one resource here");
            problems.push(Problem::new(value.place, message));
        }
    }
    let nothing = || Value::Object(Map::new());
    Some(Action::ExecuteAutomation {
        document: literal(members, "DocumentName", problems)?,
        parameters: members.get("RuntimeParameters").map_or_else(nothing, json),
    })
}

fn script(members: &Members<'_>, problems: &mut Problems) -> Option<Action> {
    let runtime = members.needed_text("Runtime", problems)?;
    if !runtime.starts_with("python3") {
        let message = format!("Runtime {runtime}: only Python is run here");
        problems.push(Problem::new(members.place, message));
    }
    let nothing = || Value::Object(Map::new());
    Some(Action::ExecuteScript {
        handler: literal(members, "Handler", problems)?,
        script: members.needed_text("Script", problems)?.to_owned(),
        payload: members.get("InputPayload").map_or_else(nothing, json),
    })
}

/// A text that is no template, since what a run does has to be known before.
fn literal(members: &Members<'_>, name: &str, problems: &mut Problems) -> Option<String> {
    let text = members.needed_text(name, problems)?;
    if text.contains("{{") {
        let place = members.get(name)?.place;
        let message = format!("{name} has to be known before the run; it is {text:?}");
        problems.push(Problem::new(place, message));
        return None;
    }
    Some(text.to_owned())
}

fn call(members: &Members<'_>, problems: &mut Problems) -> Option<Call> {
    let service = literal(members, "Service", problems);
    let api = literal(members, "Api", problems);
    let (service, api) = (service?, api?);
    let mut input = Map::new();
    for (key, value) in members.iter() {
        let own = ["Service", "Api", "PropertySelector", "DesiredValues"];
        if !own.contains(&key.text.as_str()) {
            input.insert(key.text.clone(), json(value));
        }
    }
    let found = posture_aws::Service::named(&service).and_then(|service| {
        let folded = api.replace(['_', '-'], "");
        let spelled = service
            .operations()
            .iter()
            .find(|operation| operation.name.eq_ignore_ascii_case(&folded))
            .map_or(api.as_str(), |operation| operation.name);
        service
            .operation(spelled)
            .map(|operation| (service.name, operation.name))
    });
    match found {
        Ok((service, api)) => Some(Call {
            service: service.to_owned(),
            api: api.to_owned(),
            input,
        }),
        Err(error) => {
            let place = members.get("Api").map_or(members.place, |api| api.place);
            problems.push(Problem::new(place, error.to_string()));
            None
        }
    }
}

fn branch(members: &Members<'_>, problems: &mut Problems) -> Option<Action> {
    members.needed("Choices", problems)?;
    let mut choices = Vec::new();
    for choice in members.list("Choices", problems) {
        let next = choice.get("NextStep").and_then(Yaml::text);
        match (Condition::read(choice, &["NextStep"]), next) {
            (Ok(condition), Some(next)) => choices.push((condition, next.to_owned())),
            (Ok(_), None) => problems.push(Problem::new(choice.place, "NextStep is missing")),
            (Err(problem), _) => problems.push(problem),
        }
    }
    Some(Action::Branch {
        choices,
        default: members.text("Default", problems).map(str::to_owned),
    })
}

fn repeated(members: &Members<'_>, problems: &mut Problems) -> Option<Action> {
    let iteration = match (members.get("Iterators"), members.get("LoopCondition")) {
        (Some(elements), None) => Iteration::ForEach(json(elements)),
        (None, Some(condition)) => match Condition::read(condition, &[]) {
            Ok(condition) => Iteration::While(condition),
            Err(problem) => {
                problems.push(problem);
                return None;
            }
        },
        _ => {
            let message = "give one of Iterators and LoopCondition";
            problems.push(Problem::new(members.place, message));
            return None;
        }
    };
    members.needed("Steps", problems)?;
    let max_iterations = members.count("MaxIterations", problems);
    Some(Action::Loop {
        iteration,
        max_iterations: max_iterations.unwrap_or(MAX_ITERATIONS).min(MAX_ITERATIONS),
        steps: steps(members.list("Steps", problems), problems),
    })
}

/// `Name: variable:x` with `Value`; several updates are several steps.
fn update_variable(members: &Members<'_>, problems: &mut Problems) -> Option<Action> {
    let name = members.needed_text("Name", problems)?;
    let value = json(members.needed("Value", problems)?);
    let Some(name) = name.strip_prefix("variable:") else {
        let message = format!("Name is {name:?}, expected variable:NAME");
        problems.push(Problem::new(members.place, message));
        return None;
    };
    Some(Action::UpdateVariable(vec![(name.to_owned(), value)]))
}

fn expanded(
    builtin: &Builtin,
    inputs: &Yaml,
    outputs: &mut Vec<Output>,
    problems: &mut Problems,
) -> Option<Action> {
    let what = format!("the inputs of {}", builtin.name);
    let members = Members::of(inputs, &what, builtin.inputs, problems)?;
    for name in builtin.needed {
        members.needed(name, problems)?;
    }
    let Value::Object(given) = json(inputs) else {
        return None;
    };
    for (name, selector) in builtin.outputs {
        outputs.push(Output {
            name: (*name).to_owned(),
            selector: (*selector).to_owned(),
            kind: if selector.contains('*') {
                Kind::StringList
            } else {
                Kind::String
            },
        });
    }
    match (builtin.expand)(&given) {
        Ok(primitives) => Some(Action::Calls(primitives)),
        Err(why) => {
            problems.push(Problem::new(inputs.place, why));
            None
        }
    }
}
