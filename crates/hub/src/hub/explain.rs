//! Why a finding is shown as it is.

use serde_json::Value;

use super::rows::Stored;
use super::{Hub, args};
use crate::HubError;
use crate::finding::{ComplianceStatus, Layers, Object, RecordState, Shown, WorkflowStatus, text};

/// A finding, and why it is shown as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// The finding.
    pub shown: Shown,
    /// What was set over its provider's words, the lowest layer first: a later one wins.
    pub changes: Vec<Changed>,
    /// What its workflow status means, and why it is that.
    pub because: String,
}

/// A member that was set over a provider's.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// Who set it.
    pub by: ChangedBy,
    /// The member.
    pub member: String,
    /// To what.
    pub value: Value,
    /// What its provider says; none where that says nothing.
    pub provided: Option<Value>,
}

/// Who set something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangedBy {
    /// It came with the finding, or from Security Hub.
    Upstream,
    /// An automation rule of those that are named.
    Rules,
    /// A person, here.
    Person,
}

impl ChangedBy {
    /// The word for outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            ChangedBy::Upstream => "came with it",
            ChangedBy::Rules => "automation rule",
            ChangedBy::Person => "person",
        }
    }
}

impl Hub {
    /// Explains the findings of this number or id.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn explain(&self, name: &str) -> Result<Vec<Explained>, HubError> {
        let number: i64 = name.parse().unwrap_or(-1);
        let sql = format!(
            "{} WHERE finding = $1 OR id = $2 ORDER BY finding",
            Stored::SELECT
        );
        let rows = self
            .store
            .database()
            .rows(&sql, args![number, name])
            .await?;
        let explained = |row| {
            let stored = Stored::read(row)?;
            let because = because(&stored.asff, &stored.layers);
            let changes = changes(&stored.asff, &stored.layers);
            Ok(Explained {
                changes,
                because,
                shown: stored.shown(),
            })
        };
        rows.iter().map(explained).collect()
    }
}

fn changes(asff: &Object, layers: &Layers) -> Vec<Changed> {
    let layer = |by, members: &Object| -> Vec<Changed> {
        let changed = |(member, value): (&String, &Value)| Changed {
            by,
            member: member.clone(),
            value: value.clone(),
            provided: asff.get(member).cloned(),
        };
        members.iter().map(changed).collect()
    };
    let mut all = layer(ChangedBy::Upstream, &layers.upstream);
    all.extend(layer(ChangedBy::Rules, &layers.rules));
    all.extend(layer(ChangedBy::Person, &layers.person));
    all
}

/// What the status means, and what made it so.
fn because(asff: &Object, layers: &Layers) -> String {
    let compliance = text(asff, &["Compliance", "Status"]).and_then(ComplianceStatus::from_word);
    let is_archived = text(asff, &["RecordState"]) == Some(RecordState::Archived.as_str());
    let by_rule = text(&layers.rules, &["Workflow", "Status"]).is_some();
    let status = layers.effective_workflow();
    let who = match (layers.exception.as_deref(), layers.workflow(), by_rule) {
        (Some(exception), ..) => format!("posture.yaml says so ({exception})"),
        (None, WorkflowStatus::Suppressed, _) => "a person said so".to_owned(),
        (None, _, true) => "an automation rule set it".to_owned(),
        (None, WorkflowStatus::Resolved, false) if compliance == Some(ComplianceStatus::Passed) => {
            "its check passes".to_owned()
        }
        (None, ..) if layers.is_workflow_ours => "a person said so".to_owned(),
        (None, WorkflowStatus::New, false) => "nobody said otherwise".to_owned(),
        (None, ..) => "it came so".to_owned(),
    };
    let means = match status {
        WorkflowStatus::New => "nobody has looked at it yet",
        WorkflowStatus::Notified => "whoever has to act was told",
        WorkflowStatus::Resolved => {
            "there is nothing to do; it is new again when its check fails again"
        }
        WorkflowStatus::Suppressed => {
            "nobody is to act, and it does not count; it stays so until that is taken back"
        }
    };
    let archived = if is_archived {
        " It is archived: its check no longer comes to its resource."
    } else {
        ""
    };
    format!("{means}, since {who}.{archived}")
}
