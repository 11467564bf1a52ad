//! SSM Automation documents, schema 0.3: what they say, read with places.
//!
//! Sources: <https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html> and the pages of the
//! actions; `automation-branchdocs.html`; `automation-action-loop.html`; `automation-variables.html`.

mod action;
mod builtin;
mod check;
mod condition;
mod members;
mod parameter;
mod parse;
mod step;
mod template;

pub use action::{ACTIONS, Action, Call, Iteration, Primitive};
pub use condition::{Condition, Operator};
pub(crate) use members::json as plain_json;
pub use parameter::{Kind, Parameter};
pub use step::{OnFailure, Output, Step};
pub(crate) use template::{Lookup, Unresolved, resolve, select};

use std::collections::{BTreeMap, BTreeSet};

use posture_content::yaml::{self, Problem};
use serde_json::Value;

/// An SSM Automation document.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// What it is for.
    pub description: Option<String>,
    /// The role that it wants to run as: a template.
    pub assume_role: Option<String>,
    /// What it is given, by name.
    pub parameters: BTreeMap<String, Parameter>,
    /// What it keeps while it runs, by name, with the first values.
    pub variables: BTreeMap<String, Value>,
    /// The steps, in the order of the file.
    pub steps: Vec<Step>,
    /// What it tells when it ends, as `Step.Output`.
    pub outputs: Vec<String>,
}

impl Document {
    /// Reads a document in YAML or JSON, and checks everything that can be checked without running it.
    ///
    /// # Errors
    /// Everything that is wrong, each with line and column.
    pub fn parse(text: &str) -> Result<Document, Vec<Problem>> {
        parse::document(text)
    }

    /// The service and operation of every call that a run may make, sorted. Those of other documents that it executes
    /// are not among them: see [`Document::executes`].
    pub fn calls(&self) -> BTreeSet<(String, String)> {
        let mut calls = BTreeSet::new();
        each_step(&self.steps, &mut |step| {
            for call in step.action.calls() {
                calls.insert((call.service.clone(), call.api.clone()));
            }
        });
        calls
    }

    /// The documents that this one executes, sorted.
    pub fn executes(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        each_step(&self.steps, &mut |step| {
            if let Action::ExecuteAutomation { document, .. } = &step.action {
                names.insert(document.as_str());
            }
        });
        names
    }

    /// The values of the parameters for a run: what was given, else the defaults.
    ///
    /// # Errors
    /// Everything that is wrong with what was given: unknown, missing, of another type, not allowed.
    pub fn arguments(
        &self,
        given: &BTreeMap<String, Value>,
    ) -> Result<BTreeMap<String, Value>, Vec<String>> {
        parameter::arguments(&self.parameters, given)
    }
}

/// Every step, those inside loops too.
pub(crate) fn each_step<'s>(steps: &'s [Step], work: &mut impl FnMut(&'s Step)) {
    for step in steps {
        work(step);
        if let Action::Loop { steps, .. } = &step.action {
            each_step(steps, work);
        }
    }
}

/// Whether two texts, YAML or JSON, are of one document.
pub(crate) fn is_same_text(one: &str, other: &str) -> bool {
    let (one, other) = (yaml::read(one), yaml::read(other));
    matches!((one, other), (Ok(one), Ok(other)) if plain_json(&one) == plain_json(&other))
}
