//! Security Hub: what is said of the work on findings there.
//!
//! Source: securityhub API_BatchUpdateFindings.html: up to 100 findings, `Id` with `ProductArn`, and what
//! was not done in a good answer.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::SendError;
use crate::event::finding;
use crate::grants::{Call, Grant};
use crate::outlet::{Message, Outlet};

/// The findings in Security Hub: their workflow status and note.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecurityHub {
    /// `NEW`, `NOTIFIED`, `RESOLVED` or `SUPPRESSED`. Default: as it is in Posture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    workflow: Option<String>,
    /// A note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// The Region of Security Hub. Default: that of the finding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    region: Option<String>,
}

const STATUSES: [&str; 4] = ["NEW", "NOTIFIED", "RESOLVED", "SUPPRESSED"];

/// What it calls.
const CALL: Call = ("securityhub", "BatchUpdateFindings");

impl SecurityHub {
    pub(crate) fn grants(&self) -> Vec<Grant> {
        let region = self.region.as_deref().unwrap_or("*");
        vec![Grant::of(
            CALL,
            [format!("arn:*:securityhub:{region}:*:hub/default")],
        )]
    }

    pub(crate) fn problems(&self) -> Vec<String> {
        let workflow = self.workflow.as_deref();
        if workflow.is_none_or(|workflow| STATUSES.contains(&workflow)) {
            return Vec::new();
        }
        vec![format!(
            "workflow is {:?}, expected one of {}",
            workflow.unwrap_or_default(),
            STATUSES.join(", ")
        )]
    }

    pub(crate) async fn send(&self, outlet: &Outlet, message: &Message) -> Result<(), SendError> {
        let finding = finding(&message.event.detail).unwrap_or(&Value::Null);
        let text = |pointer: &str| {
            let found = finding.pointer(pointer).and_then(Value::as_str);
            found.unwrap_or_default()
        };
        if text("/Id").is_empty() || text("/ProductArn").is_empty() {
            return Err(SendError::Refused("the event is no finding".to_owned()));
        }
        let workflow = self.workflow.as_deref();
        let mut input = json!({
            "FindingIdentifiers": [{"Id": text("/Id"), "ProductArn": text("/ProductArn")}],
            "Workflow": {"Status": workflow.unwrap_or(text("/Workflow/Status"))},
        });
        if let (Some(note), Some(members)) = (&self.note, input.as_object_mut()) {
            let note = json!({"Text": note, "UpdatedBy": "posture"});
            members.insert("Note".to_owned(), note);
        }
        let region = self.region.as_deref().unwrap_or(&message.event.region);
        let answer = outlet.call(Some(region), CALL.0, CALL.1, &input);
        unprocessed(&answer.await?)
    }
}

fn unprocessed(answer: &Value) -> Result<(), SendError> {
    let Some(failure) = answer.pointer("/UnprocessedFindings/0") else {
        return Ok(());
    };
    let text = |name| {
        failure
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let what = format!("{} {}", text("ErrorCode"), text("ErrorMessage"));
    Err(match text("ErrorCode") {
        "InternalException" | "ConcurrentUpdateError" => SendError::Failed(what),
        _ => SendError::Refused(what),
    })
}
