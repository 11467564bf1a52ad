//! What those who work on a finding say of it: over what its provider says, and never lost when that
//! speaks again.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Object, WorkflowStatus, text};

/// Members that a provider can give when it makes a finding and never change
/// (`finding-update-batchimportfindings.html`).
pub(crate) const CUSTOMER_ONLY: [&str; 4] =
    ["Note", "UserDefinedFields", "VerificationState", "Workflow"];

/// Members that a provider gives in `FindingProviderFields`, and a customer at the top.
pub(crate) const SHARED: [&str; 5] = [
    "Confidence",
    "Criticality",
    "RelatedFindings",
    "Severity",
    "Types",
];

/// The layers over a provider's finding, the lowest first: what came with it, or from Security Hub;
/// what automation rules set; what a person set here.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Layers {
    /// The workflow's status as the life cycle and people have it; `NEW` where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    workflow: Option<String>,
    /// Whether a person set that here.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_workflow_ours: bool,
    #[serde(skip_serializing_if = "Object::is_empty")]
    pub(crate) upstream: Object,
    #[serde(skip_serializing_if = "Object::is_empty")]
    pub(crate) rules: Object,
    /// The automation rules that set it, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) rule_names: Vec<String>,
    #[serde(skip_serializing_if = "Object::is_empty")]
    pub(crate) person: Object,
    /// The exception of ours that suppresses it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) exception: Option<String>,
}

/// What a person says of a finding, as through `BatchUpdateFindings`. A member that is absent is left
/// as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CustomerUpdate {
    /// Where the work stands.
    pub workflow: Option<WorkflowStatus>,
    /// A note, and who writes it.
    pub note: Option<(String, String)>,
    /// Other members: `Severity`, `VerificationState`, `Confidence`, `Criticality`, `Types`,
    /// `UserDefinedFields`, `RelatedFindings`.
    pub members: Object,
}

impl Layers {
    /// From what is stored; an empty text is no layer at all.
    pub(crate) fn from_stored(text: &str) -> Result<Layers, serde_json::Error> {
        if text.is_empty() {
            return Ok(Layers::default());
        }
        serde_json::from_str(text)
    }

    /// For storing.
    pub(crate) fn to_stored(&self) -> Result<String, serde_json::Error> {
        if *self == Layers::default() {
            return Ok(String::new());
        }
        serde_json::to_string(self)
    }

    pub(crate) fn workflow(&self) -> WorkflowStatus {
        self.workflow
            .as_deref()
            .and_then(WorkflowStatus::from_word)
            .unwrap_or(WorkflowStatus::New)
    }

    pub(crate) fn set_workflow(&mut self, status: WorkflowStatus) {
        self.workflow = (status != WorkflowStatus::New).then(|| status.as_str().to_owned());
    }

    /// The status that counts: an exception and a person's suppression win, then automation rules.
    pub(crate) fn effective_workflow(&self) -> WorkflowStatus {
        let workflow = self.workflow();
        if self.exception.is_some() || workflow == WorkflowStatus::Suppressed {
            return WorkflowStatus::Suppressed;
        }
        let by_rule = text(&self.rules, &["Workflow", "Status"]);
        by_rule
            .and_then(WorkflowStatus::from_word)
            .unwrap_or(workflow)
    }

    /// What a person says here.
    pub(crate) fn update(&mut self, update: &CustomerUpdate, now: &str) {
        if let Some(status) = update.workflow {
            self.set_workflow(status);
            self.is_workflow_ours = true;
        }
        if let Some((text, by)) = &update.note {
            let note = json!({"Text": text, "UpdatedBy": by, "UpdatedAt": now});
            self.person.insert("Note".to_owned(), note);
        }
        for (name, value) in &update.members {
            self.person.insert(name.clone(), value.clone());
        }
    }

    /// Whether somebody said something here, or a note came along, since these layers.
    pub(crate) fn is_said_since(&self, before: &Layers) -> bool {
        let note = self.upstream.get("Note");
        self.person != before.person || (note.is_some() && note != before.upstream.get("Note"))
    }

    /// The members over the provider's, each from the highest layer that has it.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&String, &Value)> {
        let is_member = |name: &str| name != "Workflow";
        [&self.upstream, &self.rules, &self.person]
            .into_iter()
            .flatten()
            .filter(move |(name, _)| is_member(name))
    }
}
