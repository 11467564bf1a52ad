//! What of remediation the evidence log keeps: queued in the transaction in which it happens.

use posture_audit::RemediationEvent;
use posture_remediation::{Beside, Entry, Keeping, Past};
use posture_store::Store;

/// Keeps a record for the evidence log with each entry that says who did what, and what came of it. Single calls are
/// in the journal alone.
#[derive(Debug)]
pub(crate) struct Records;

impl Beside for Records {
    fn keep<'k>(&'k self, store: &'k Store, past: &'k Past) -> Keeping<'k> {
        Box::pin(async move {
            let entry = &past.entry;
            let (by, outcome, verdict) = match entry {
                Entry::Planned { plan } => (Some(plan.requested_by.as_str()), None, None),
                Entry::Approved { by }
                | Entry::Denied { by, .. }
                | Entry::Answered { by, .. }
                | Entry::RunStarted { by, .. }
                | Entry::Stopped { by, .. }
                | Entry::ExceptionCleared { by }
                | Entry::Resumed { by } => (Some(by.as_str()), None, None),
                Entry::UndoStarted { by } => (by.as_deref(), None, None),
                Entry::Judged {
                    rule,
                    compliance_type,
                    ..
                } => (None, None, Some((rule.as_str(), compliance_type.as_str()))),
                Entry::Finished { outcome, .. } => (None, Some(outcome.as_str()), None),
                Entry::HandedOver { .. }
                | Entry::ExecutionStarted { .. }
                | Entry::ExecutionEnded { .. }
                | Entry::Excepted { .. } => (None, None, None),
                Entry::PreImage { .. }
                | Entry::CallStarted { .. }
                | Entry::CallFinished { .. }
                | Entry::CallFailed { .. }
                | Entry::StepFinished { .. }
                | Entry::Waiting { .. }
                | Entry::Verified { .. } => return Ok(Vec::new()),
            };
            let event = RemediationEvent {
                plan_id: &past.key.plan_id,
                event: entry.kind(),
                document: &past.key.document,
                account_id: &past.key.account_id,
                resource_id: &past.key.resource_id,
                by: by.filter(|name| !name.trim().is_empty()),
                outcome,
                verdict,
                at: past.at,
                entry: serde_json::to_value(entry).map_err(|error| error.to_string())?,
            };
            let statements = event.statements(store).await;
            statements.map_err(|error| error.to_string())
        })
    }
}
