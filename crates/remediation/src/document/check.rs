//! What can be checked of a whole document: names, jumps, references.

use std::collections::{BTreeMap, BTreeSet};

use posture_content::yaml::{Place, Problem};
use serde_json::Value;

use super::action::{Action, Iteration};
use super::step::{OnFailure, Step};
use super::template::references;
use super::{Document, each_step};

/// System variables (automation-variables.html).
const GLOBALS: [&str; 5] = ["ACCOUNT_ID", "AWS_PARTITION", "DATE", "DATE_TIME", "REGION"];

pub(super) fn document(document: &Document, problems: &mut Vec<Problem>) {
    let mut names: BTreeMap<&str, &Step> = BTreeMap::new();
    each_step(&document.steps, &mut |step| {
        if names.insert(&step.name, step).is_some() {
            let message = format!("a second step named {}", step.name);
            problems.push(Problem::new(step.place, message));
        }
    });
    jumps(&document.steps, problems);
    let scope = Scope {
        document,
        steps: &names,
    };
    each_step(&document.steps, &mut |step| {
        each_template(&step.action, &mut |template| {
            references(template, &mut |reference| {
                if let Err(message) = scope.check(reference) {
                    problems.push(Problem::new(step.place, message));
                }
            });
        });
        if let Action::UpdateVariable(updates) = &step.action {
            for (name, _) in updates {
                if !document.variables.contains_key(name) {
                    let message = format!("no variable is named {name}");
                    problems.push(Problem::new(step.place, message));
                }
            }
        }
    });
    if let Some(role) = &document.assume_role {
        references(&Value::String(role.clone()), &mut |reference| {
            if !document.parameters.contains_key(reference) {
                let message = format!("assumeRole: no parameter is named {reference}");
                problems.push(Problem::new(Place { line: 1, column: 1 }, message));
            }
        });
    }
}

/// Every jump goes to a step of the same list, and none in a circle: AWS refuses such documents too.
fn jumps(steps: &[Step], problems: &mut Vec<Problem>) {
    let indices: BTreeMap<&str, usize> = steps
        .iter()
        .enumerate()
        .map(|(index, step)| (step.name.as_str(), index))
        .collect();
    let mut followers: Vec<BTreeSet<usize>> = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let mut targets: Vec<&str> = Vec::new();
        let mut following = BTreeSet::new();
        targets.extend(step.next_step.as_deref());
        for way in [&step.on_failure, &step.on_cancel] {
            if let OnFailure::Step(name) = way {
                targets.push(name);
            }
        }
        if let Action::Branch { choices, default } = &step.action {
            targets.extend(choices.iter().map(|(_, next)| next.as_str()));
            targets.extend(default.as_deref());
        }
        for target in targets {
            match indices.get(target) {
                Some(target) => {
                    following.insert(*target);
                }
                None => problems.push(Problem::unknown(
                    step.place,
                    &format!("{} goes to a step that isn't there:", step.name),
                    target,
                    indices.keys().copied(),
                )),
            }
        }
        if !step.is_end && step.next_step.is_none() && index + 1 < steps.len() {
            following.insert(index + 1);
        }
        followers.push(following);
        if let Action::Loop { steps, .. } = &step.action {
            jumps(steps, problems);
        }
    }
    if let Some(step) = circle(&followers).and_then(|index| steps.get(index)) {
        let message = format!("{} follows on itself: a circle", step.name);
        problems.push(Problem::new(step.place, message));
    }
}

/// A node from which one comes back to it.
fn circle(followers: &[BTreeSet<usize>]) -> Option<usize> {
    // Steps without a way to anything that is left are taken away until none is: what stays is in circles.
    let mut left: BTreeSet<usize> = (0..followers.len()).collect();
    loop {
        let ends: Vec<usize> = left
            .iter()
            .copied()
            .filter(|index| {
                followers
                    .get(*index)
                    .is_none_or(|next| next.is_disjoint(&left))
            })
            .collect();
        if ends.is_empty() {
            return left.first().copied();
        }
        for end in ends {
            left.remove(&end);
        }
    }
}

struct Scope<'d> {
    document: &'d Document,
    steps: &'d BTreeMap<&'d str, &'d Step>,
}

impl Scope<'_> {
    fn check(&self, reference: &str) -> Result<(), String> {
        if let Some(name) = reference.strip_prefix("global:") {
            if GLOBALS.contains(&name) {
                return Ok(());
            }
            return Err(format!(
                "there is no global:{name}; there are {}",
                GLOBALS.join(", ")
            ));
        }
        if reference == "automation:EXECUTION_ID" {
            return Ok(());
        }
        if let Some(name) = reference.strip_prefix("variable:") {
            if self.document.variables.contains_key(name) {
                return Ok(());
            }
            return Err(format!("no variable is named {name}"));
        }
        if reference.starts_with("ssm:") {
            return Err(format!(
                "{{{{ {reference} }}}}: read the parameter in a step of its own (ssm GetParameter)"
            ));
        }
        if self.document.parameters.contains_key(reference) {
            return Ok(());
        }
        let Some((step, output)) = reference.split_once('.') else {
            return Err(format!("no parameter is named {reference}"));
        };
        // What an action's own calls answered is checked where the action is written.
        if step == "this" {
            return Ok(());
        }
        let Some(step) = self.steps.get(step) else {
            return Err(format!("{{{{ {reference} }}}}: no step is named {step}"));
        };
        if told(step).contains(&output) || step.outputs.iter().any(|one| one.name == output) {
            return Ok(());
        }
        Err(format!("{} has no output {output}", step.name))
    }
}

/// What an action tells without being asked to.
fn told(step: &Step) -> &'static [&'static str] {
    match &step.action {
        Action::Loop { .. } => &[
            "CurrentIterationValue",
            "CurrentIteratorValue",
            "CurrentIteration",
        ],
        Action::ExecuteScript { .. } => &["Payload", "OutputPayload"],
        Action::ExecuteAutomation { .. } => &["Output", "Status", "ExecutionId"],
        Action::Approve { .. } => &["ApprovalStatus", "ApproverDecisions"],
        _ => &[],
    }
}

/// Every template of an action. Those inside a loop's steps belong to these.
fn each_template<'a>(action: &'a Action, work: &mut dyn FnMut(&'a Value)) {
    match action {
        Action::Calls(primitives) => {
            for primitive in primitives {
                primitive.call().input.values().for_each(&mut *work);
            }
        }
        Action::Branch { choices, .. } => {
            for (condition, _) in choices {
                condition.templates(work);
            }
        }
        Action::Loop { iteration, .. } => match iteration {
            Iteration::ForEach(elements) => work(elements),
            Iteration::While(condition) => condition.templates(work),
        },
        Action::Sleep {
            duration,
            timestamp,
        } => duration.iter().chain(timestamp).for_each(work),
        Action::Approve {
            approvers, message, ..
        } => [approvers].into_iter().chain(message).for_each(work),
        Action::UpdateVariable(updates) => {
            for (_, value) in updates {
                work(value);
            }
        }
        Action::ExecuteAutomation { parameters, .. } => work(parameters),
        Action::ExecuteScript { payload, .. } => work(payload),
        Action::Pause | Action::OnlySsm(_) => {}
    }
}
