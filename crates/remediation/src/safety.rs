//! What AWS's grammar does not say of a document: `<name>.safety.yaml`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::code::Code;
use crate::document::{Call, Condition};
use crate::subject::Subject;

/// The action that lets a caller give a service a role.
pub const PASS_ROLE: &str = "iam:PassRole";

/// Who decides that a document runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SafetyClass {
    /// It may run by itself, where posture.yaml says so.
    Safe,
    /// A person approves each plan.
    Guarded,
    /// Steps for a person: a plan is shown, and never run.
    Manual,
}

impl SafetyClass {
    /// As the file spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            SafetyClass::Safe => "safe",
            SafetyClass::Guarded => "guarded",
            SafetyClass::Manual => "manual",
        }
    }
}

/// What a run does to those who use the resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RemedyEffect {
    /// Something is added; nobody loses anything.
    Additive,
    /// Somebody may lose an access that was there.
    Restrictive,
    /// Something is deleted that can be made again.
    Destructive,
    /// Something is gone, or stays, for ever.
    Irreversible,
}

/// Whether an undo brings the pre-state back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reversible {
    /// Wholly.
    Yes,
    /// As far as `note` says.
    Partly,
    /// Not at all.
    No,
}

/// Limits that hold though nobody configured any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BlastRadius {
    /// What one run touches.
    pub touches: Touches,
    /// Runs in an account within an hour, at most.
    pub per_account_hour: u32,
    /// Resources of the type within an hour, in per cent of those recorded; holds where more than 20 are.
    pub percent: u32,
}

/// What one run touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Touches {
    /// One resource.
    Resource,
    /// A whole Region of an account.
    Region,
    /// A whole account.
    Account,
}

/// A part of the resource that a run changes: how it is read, what it becomes, how it comes back.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Facet {
    /// Unique in the file; `{{ before.Name }}` is its value before the run.
    pub name: String,
    /// The call that reads it.
    pub read: SafetyCall,
    /// A JSONPath in the answer.
    pub select: String,
    /// Whether everything that the path finds counts, as a list; else the first.
    #[serde(default)]
    pub all: bool,
    /// Members that AWS gives anew each time, such as ids: two readings are compared without them.
    #[serde(default)]
    pub ignore: Vec<String>,
    /// Whether the resource is not there where this is not: then nothing is said of it.
    #[serde(default)]
    pub needed: bool,
    /// A template; where it stands for nothing, nothing is read, and this is absent.
    pub when: Option<String>,
    /// Errors that say that there is none: a code, or a code and a part of the message, as in
    /// `AccessDeniedException: Macie is not enabled`.
    #[serde(default)]
    pub absent_on: Vec<String>,
    /// Whether what is selected is a text of JSON, which is read.
    #[serde(default)]
    pub json: bool,
    /// A JSONPath in that JSON.
    pub within: Option<String>,
    /// What it is to be: a template. Members that aren't named may have any value; an empty list is absent. Where
    /// nothing is said, it is only kept, and brought back.
    pub after: Option<Value>,
    /// The calls that bring back what was there.
    #[serde(default)]
    pub restore: Vec<SafetyCall>,
    /// The calls that take away what was not there; where none are given, those of `restore`.
    #[serde(default)]
    pub remove: Vec<SafetyCall>,
}

/// A call of an operation. Its input is a template.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SafetyCall {
    /// The service, as the AWS CLI calls it.
    pub service: String,
    /// The operation.
    pub api: String,
    /// The input.
    #[serde(default)]
    pub inputs: Map<String, Value>,
    /// Once for each element of this template's list, which is `{{ each }}`.
    #[serde(default)]
    pub for_each: Option<Value>,
}

impl SafetyCall {
    pub(crate) fn call(&self) -> Call {
        Call {
            service: self.service.clone(),
            api: self.api.clone(),
            input: self.inputs.clone(),
        }
    }
}

/// How long a change may take to be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Verify {
    /// Readings, at most.
    pub attempts: u32,
    /// Seconds between two.
    pub seconds: u32,
}

impl Default for Verify {
    fn default() -> Verify {
        Verify {
            attempts: 10,
            seconds: 3,
        }
    }
}

/// What AWS's grammar does not say of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Safety {
    /// Who decides.
    pub safety: SafetyClass,
    /// What it does to users.
    pub effect: RemedyEffect,
    /// Why it is of this class.
    pub because: String,
    /// How far it reaches.
    pub blast_radius: BlastRadius,
    /// Whether it can be undone.
    pub reversible: Reversible,
    /// What can't be undone, and what else a person should know.
    pub note: Option<String>,
    /// What it is about.
    pub resource: Subject,
    /// Security Hub's controls that it fixes.
    pub controls: Vec<String>,
    /// Steps that can be done twice with the result of once: their APIs set, and don't add.
    pub repeatable: BTreeSet<String>,
    /// The IAM actions that a run needs. A document that would need another is refused.
    pub actions: BTreeSet<String>,
    /// The service that gets a role which the document is given: `iam:PassRole` is allowed for it alone.
    pub passes_role_to: Option<String>,
    /// What a run changes.
    pub state: Vec<Facet>,
    /// When there is nothing to do; where nothing is said, when `state` is as it is to be.
    pub compliant_when: Option<Condition>,
    /// How long a change may take to be seen.
    pub verify: Verify,
    /// What code has to say where code manages the resource.
    pub code: Code,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    document: String,
    safety: SafetyClass,
    effect: RemedyEffect,
    because: String,
    blast_radius: BlastRadius,
    reversible: Reversible,
    note: Option<String>,
    resource: Subject,
    #[serde(default)]
    controls: Vec<String>,
    #[serde(default)]
    repeatable: BTreeSet<String>,
    actions: BTreeSet<String>,
    passes_role_to: Option<String>,
    state: Vec<Facet>,
    #[serde(default)]
    verify: Verify,
    compliant_when: Option<Value>,
    #[serde(default)]
    code: Code,
}

impl Safety {
    /// Reads `<name>.safety.yaml`.
    ///
    /// # Errors
    /// What is wrong, with its line and column where they are known.
    pub fn parse(name: &str, text: &str) -> Result<Safety, String> {
        let file: File = serde_saphyr::from_str(text).map_err(|error| {
            let place = error.location().map_or(String::new(), |location| {
                format!("{}:{}: ", location.line(), location.column())
            });
            let message = error.without_snippet().to_string();
            format!("{place}{}", message.lines().next().unwrap_or_default())
        })?;
        if file.document != name {
            return Err(format!("it is about {}, expected {name}", file.document));
        }
        let compliant_when = match file.compliant_when {
            Some(condition) => Some(
                Condition::from_json(&condition).map_err(|why| format!("compliantWhen: {why}"))?,
            ),
            None => None,
        };
        let safety = Safety {
            safety: file.safety,
            effect: file.effect,
            because: file.because,
            blast_radius: file.blast_radius,
            reversible: file.reversible,
            note: file.note,
            resource: file.resource,
            controls: file.controls,
            repeatable: file.repeatable,
            actions: file.actions,
            passes_role_to: file.passes_role_to,
            state: file.state,
            compliant_when,
            verify: file.verify,
            code: file.code,
        };
        safety.check()?;
        Ok(safety)
    }

    fn check(&self) -> Result<(), String> {
        if self.state.is_empty() {
            return Err("state is empty: nothing could be verified".to_owned());
        }
        self.resource.check()?;
        let mut names = BTreeSet::new();
        for facet in &self.state {
            if !names.insert(&facet.name) {
                return Err(format!("a second state named {}", facet.name));
            }
            serde_json_path::JsonPath::parse(&facet.select)
                .map_err(|error| format!("{}: {}: {error}", facet.name, facet.select))?;
            if let Some(within) = &facet.within {
                serde_json_path::JsonPath::parse(within)
                    .map_err(|error| format!("{}: {within}: {error}", facet.name))?;
            }
            for call in facet.calls() {
                let service = posture_aws::Service::named(&call.service);
                service
                    .and_then(|service| service.operation(&call.api))
                    .map_err(|error| format!("{}: {error}", facet.name))?;
            }
        }
        if self.actions.contains(PASS_ROLE) != self.passes_role_to.is_some() {
            return Err(format!(
                "{PASS_ROLE} is allowed for one service: actions and passesRoleTo have both or neither"
            ));
        }
        let is_judged = self.state.iter().any(|facet| facet.after.is_some());
        if !is_judged && self.compliant_when.is_none() {
            return Err("no state has an after, and compliantWhen is missing".to_owned());
        }
        let has_undo = |facet: &Facet| !facet.restore.is_empty() || !facet.remove.is_empty();
        if self.reversible != Reversible::No && !self.state.iter().any(has_undo) {
            return Err("no state has a restore or a remove, and it is reversible".to_owned());
        }
        if self.reversible != Reversible::Yes && self.note.is_none() {
            return Err("what can't be undone is not said: note is missing".to_owned());
        }
        let may_be_safe = matches!(
            self.effect,
            RemedyEffect::Additive | RemedyEffect::Restrictive
        );
        if self.safety == SafetyClass::Safe && !(may_be_safe && self.reversible == Reversible::Yes)
        {
            return Err("safe is only what deletes nothing and can be undone wholly".to_owned());
        }
        Ok(())
    }
}

impl Facet {
    /// Every call that reads, restores or removes it.
    pub(crate) fn calls(&self) -> impl Iterator<Item = &SafetyCall> {
        [&self.read]
            .into_iter()
            .chain(&self.restore)
            .chain(&self.remove)
    }
}
