//! Findings that events bring: Security Hub's, GuardDuty's and the like. They are kept as they come;
//! scores follow.

use std::time::Duration;

use posture_hub::{Hub, Imported, Prepared, WriteOptions, formats};
use posture_recorder::Entries;
use serde_json::Value;
use tracing::error;

use super::stop::Stop;
use super::worker::{Worker, told};
use crate::commands::CommandError;

/// How often scores are looked at where nobody rings: a process that died may have left some.
const EVERY: Duration = Duration::from_mins(1);
/// Between two looks: changes that come meanwhile are scored together.
const BREATH: Duration = Duration::from_millis(100);

/// What a message brings.
#[derive(Debug)]
pub(super) enum Brought {
    /// Findings, ready to be kept.
    Findings(Vec<Prepared>),
    /// It is no event of a kind that brings findings.
    Nothing,
}

/// Why an event is not believed, or can't be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum BroughtError {
    /// The account that it is of.
    #[error("findings are believed only of accounts that are recorded, and {0:?} is none")]
    Foreign(String),
    /// In words.
    #[error("{0}")]
    Unreadable(String),
}

/// The findings that an event brings. Only those of events of accounts that are recorded are taken: the message may
/// be anybody's.
///
/// # Errors
/// Where the account is another one, or the findings can't be read.
pub(super) fn brought(
    message: &str,
    entries: &Entries,
    hub: &Hub,
) -> Result<Brought, BroughtError> {
    let Some(event) = formats::event_with_findings(message) else {
        return Ok(Brought::Nothing);
    };
    let account_id = event.get("account").and_then(Value::as_str);
    let account_id = account_id.unwrap_or_default();
    if !entries.has(account_id) {
        return Err(BroughtError::Foreign(account_id.to_owned()));
    }
    let findings = formats::findings(event, false, crate::clock::now());
    let findings = findings.map_err(BroughtError::Unreadable)?;
    let prepare = |finding| {
        let prepared = hub.prepare(finding);
        prepared.map_err(|error| BroughtError::Unreadable(error.to_string()))
    };
    let prepared: Result<Vec<_>, _> = findings.into_iter().map(prepare).collect();
    prepared.map(Brought::Findings)
}

impl Worker {
    /// The hub, opened once.
    pub(super) async fn hub(&self) -> Result<&Hub, CommandError> {
        Ok(self.hub.get_or_try_init(|| Hub::open(&self.store)).await?)
    }

    /// Keeps findings, and rings for who tells of them.
    pub(super) async fn keep_findings(&self, findings: Vec<Prepared>) -> Result<(), CommandError> {
        if findings.is_empty() {
            return Ok(());
        }
        let options = WriteOptions { has_events: true };
        let Imported {
            created, updated, ..
        } = self.hub().await?.write(findings, options).await?;
        if created + updated > 0 {
            self.news.notify_one();
            self.scores.notify_one();
        }
        Ok(())
    }

    /// Computes scores whenever findings changed, until it is time to end.
    pub(super) async fn score(self, mut stop: Stop) {
        while !stop.is_wished() {
            if let Err(error) = self.score_now().await {
                error!("scores could not be computed: {}", told(&error));
            }
            tokio::select! {
                () = stop.wished() => {}
                () = tokio::time::sleep(BREATH) => {}
            }
            tokio::select! {
                () = stop.wished() => {}
                () = self.scores.notified() => {}
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Computes the scores of what changed.
    pub(super) async fn score_now(&self) -> Result<(), CommandError> {
        self.hub().await?.refresh_scores().await?;
        self.news.notify_one();
        Ok(())
    }
}
