//! The journal in Posture's state.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use posture_store::{JournalRow, Lease, Statement, Store};
use serde_json::{Value, json};

use super::{Entry, Journal, JournalError, Past, PlanKey};

/// How long a worker that says nothing is taken to be alive.
const HOLD: SignedDuration = SignedDuration::from_secs(120);

/// Statements that are being made.
pub type Keeping<'k> = Pin<Box<dyn Future<Output = Result<Vec<Statement>, String>> + Send + 'k>>;

/// Who keeps something with an entry, in its transaction: both are kept, or neither.
pub trait Beside: Debug + Send + Sync {
    /// What is to be kept with this entry.
    fn keep<'k>(&'k self, store: &'k Store, past: &'k Past) -> Keeping<'k>;
}

/// The journal in Posture's state. `worker` names this process among others.
#[derive(Debug, Clone)]
pub struct StoreJournal {
    /// The state.
    pub store: Store,
    /// This process.
    pub worker: String,
    /// Who keeps something beside.
    pub beside: Option<Arc<dyn Beside>>,
}

impl Journal for StoreJournal {
    type Hold = Lease;

    async fn hold(&self, plan: &str) -> Result<Lease, JournalError> {
        let kind = format!("remediation {plan}");
        let taken = self.store.take_lease(&kind, &self.worker, HOLD).await?;
        taken.map_err(|until| JournalError::Held {
            plan: plan.to_owned(),
            until,
        })
    }

    async fn release(&self, hold: Lease) -> Result<(), JournalError> {
        self.store.release_lease(&hold, None).await?;
        Ok(())
    }

    async fn renew(&self, plan: &str, hold: &Lease) -> Result<(), JournalError> {
        if self.store.renew_lease(hold, HOLD).await? {
            return Ok(());
        }
        Err(JournalError::Contended {
            plan: plan.to_owned(),
        })
    }

    async fn append(
        &self,
        key: &PlanKey,
        place: usize,
        at: Timestamp,
        entry: &Entry,
        hold: Option<&Lease>,
    ) -> Result<(), JournalError> {
        let unreadable = |cause| JournalError::Unreadable {
            plan: key.plan_id.clone(),
            cause,
        };
        let contended = || JournalError::Contended {
            plan: key.plan_id.clone(),
        };
        let row = JournalRow {
            plan: key.plan_id.clone(),
            entry: i64::try_from(place).unwrap_or(i64::MAX),
            kind: entry.kind().to_owned(),
            account_id: key.account_id.clone(),
            document: key.document.clone(),
            resource_id: key.resource_id.clone(),
            recorded_at: at,
            body: serde_json::to_value(entry).map_err(unreadable)?,
        };
        if let Some(hold) = hold
            && !self.store.renew_lease(hold, HOLD).await?
        {
            return Err(contended());
        }
        let detail = entry.is_news().then(|| told(key, entry));
        let event = detail
            .as_ref()
            .map(|detail| ("Posture Remediation State Change", detail));
        let mut kept = Vec::new();
        if let Some(beside) = &self.beside {
            let past = Past {
                key: key.clone(),
                at,
                entry: entry.clone(),
            };
            let keeping = beside.keep(&self.store, &past).await;
            kept = keeping.map_err(|what| JournalError::Beside {
                plan: key.plan_id.clone(),
                what,
            })?;
        }
        if self.store.append_journal(&row, hold, event, kept).await? {
            Ok(())
        } else {
            Err(contended())
        }
    }

    async fn entries(&self, plan: &str) -> Result<Vec<Past>, JournalError> {
        let rows = self.store.journal(plan).await?;
        rows.into_iter().map(past).collect()
    }

    async fn of_kind(&self, kind: &str, since: Timestamp) -> Result<Vec<Past>, JournalError> {
        let rows = self.store.journal_of_kind(kind, since).await?;
        rows.into_iter().map(past).collect()
    }
}

/// EventBridge's `detail` of the event that tells of an entry.
fn told(key: &PlanKey, entry: &Entry) -> Value {
    let mut detail = json!({
        "planId": key.plan_id,
        "documentName": key.document,
        "awsAccountId": key.account_id,
        "resourceId": key.resource_id,
        "state": entry.kind(),
    });
    let Value::Object(members) = &mut detail else {
        return detail;
    };
    match entry {
        Entry::Planned { plan } => {
            if let Some(maker) = &plan.managed_by {
                members.insert("managedBy".to_owned(), json!(maker));
            }
            if let Some(change) = &plan.code_change {
                members.insert("codeChange".to_owned(), json!(change.lines().join("\n")));
            }
        }
        Entry::Finished { outcome, reason } => {
            members.insert("outcome".to_owned(), json!(outcome.as_str()));
            members.insert("reason".to_owned(), json!(reason));
        }
        Entry::Approved { by } | Entry::Denied { by, .. } | Entry::Stopped { by, .. } => {
            members.insert("by".to_owned(), json!(by));
        }
        _ => {}
    }
    detail
}

fn past(row: JournalRow) -> Result<Past, JournalError> {
    let entry = serde_json::from_value(row.body).map_err(|cause| JournalError::Unreadable {
        plan: row.plan.clone(),
        cause,
    })?;
    Ok(Past {
        key: PlanKey {
            plan_id: row.plan,
            account_id: row.account_id,
            document: row.document,
            resource_id: row.resource_id,
        },
        at: row.recorded_at,
        entry,
    })
}
