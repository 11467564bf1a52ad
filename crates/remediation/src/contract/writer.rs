//! Writing to one plan's journal, at the next place.

use jiff::Timestamp;

use crate::journal::{Entry, Journal, JournalError, Past, PlanKey};

/// The name under which the journal keeps that all remediation was stopped.
pub(super) const STOP: &str = "stop";

/// The end of one plan's journal, while its plan is held.
pub(super) struct Writer<'j, J: Journal> {
    journal: &'j J,
    key: PlanKey,
    hold: &'j J::Hold,
    next: usize,
}

impl<'j, J: Journal> Writer<'j, J> {
    pub(super) fn new(journal: &'j J, key: PlanKey, hold: &'j J::Hold, next: usize) -> Self {
        Self {
            journal,
            key,
            hold,
            next,
        }
    }

    pub(super) async fn append(
        &mut self,
        at: Timestamp,
        entry: &Entry,
    ) -> Result<(), JournalError> {
        self.journal
            .append(&self.key, self.next, at, entry, Some(self.hold))
            .await?;
        self.next += 1;
        Ok(())
    }

    /// Says that whoever waits is alive.
    pub(super) async fn renew(&self) -> Result<(), JournalError> {
        self.journal.renew(&self.key.plan_id, self.hold).await
    }

    pub(super) async fn is_stopped(&self) -> Result<bool, JournalError> {
        Ok(stopped(&self.journal.entries(STOP).await?).is_some())
    }
}

/// Who stopped everything, and why, where nobody took that back.
pub(super) fn stopped(entries: &[Past]) -> Option<(&str, &str)> {
    match entries.last().map(|past| &past.entry) {
        Some(Entry::Stopped { by, reason }) => Some((by, reason)),
        _ => None,
    }
}
