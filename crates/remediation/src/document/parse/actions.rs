//! What a step does, from its `action` and `inputs`.

use posture_content::yaml::{Kind as YamlKind, Problem, Value as Yaml};
use serde_json::{Map, Value};

use super::{Problems, json_path, rooted, steps};
use crate::document::Kind;
use crate::document::action::{ACTIONS, Action, Call, Iteration, Primitive};
use crate::document::builtin::{BUILTINS, Builtin};
use crate::document::condition::Condition;
use crate::document::members::{Members, json};
use crate::document::step::Output;

/// AWS's limit for `aws:loop`.
const MAX_ITERATIONS: u32 = 100;

pub(super) fn action(
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
            .operation_names()
            .find(|known| known.eq_ignore_ascii_case(&folded))
            .unwrap_or(&api);
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
