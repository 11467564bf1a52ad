//! Where a plan stands: what follows from its journal.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::plan::Plan;
use crate::journal::{Entry, Past, RunOutcome};

/// Where a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanState {
    /// It waits for approval, or to be run.
    Proposed,
    /// Somebody refused it.
    Denied,
    /// A worker runs it, or died while it did.
    Running,
    /// One of its steps waits for a person.
    Waiting,
    /// A worker undoes it, or died while it did.
    Undoing,
    /// It ended.
    Ended(RunOutcome),
}

impl PlanState {
    /// As it is shown.
    pub fn as_str(self) -> &'static str {
        match self {
            PlanState::Proposed => "Proposed",
            PlanState::Denied => "Denied",
            PlanState::Running => "Running",
            PlanState::Waiting => "Waiting",
            PlanState::Undoing => "Undoing",
            PlanState::Ended(outcome) => outcome.as_str(),
        }
    }
}

/// A plan and what happened to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The plan.
    pub plan: Plan,
    /// Where it stands.
    pub state: PlanState,
    /// Who approved it.
    pub approved_by: BTreeSet<String>,
    /// Everything that happened, in order.
    pub entries: Vec<Past>,
}

impl Record {
    /// From a journal; nothing where that holds no plan.
    pub(super) fn of(entries: Vec<Past>) -> Option<Record> {
        let Some(Entry::Planned { plan }) = entries.first().map(|past| past.entry.clone()) else {
            return None;
        };
        let mut state = PlanState::Proposed;
        let mut approved_by = BTreeSet::new();
        for past in &entries {
            state = match &past.entry {
                Entry::Approved { by } => {
                    approved_by.insert(by.clone());
                    state
                }
                Entry::Denied { .. } => PlanState::Denied,
                Entry::RunStarted { .. } => PlanState::Running,
                Entry::UndoStarted { .. } => PlanState::Undoing,
                Entry::Waiting { .. } => PlanState::Waiting,
                Entry::Finished { outcome, .. } => PlanState::Ended(*outcome),
                _ => state,
            };
        }
        Some(Record {
            plan: *plan,
            state,
            approved_by,
            entries,
        })
    }

    /// When the first run began.
    pub(super) fn started_at(&self) -> Option<Timestamp> {
        let started = |past: &&Past| matches!(past.entry, Entry::RunStarted { .. });
        self.entries.iter().find(started).map(|past| past.at)
    }

    /// What the resource was before the run.
    pub(super) fn pre_image(
        &self,
    ) -> Option<&std::collections::BTreeMap<String, serde_json::Value>> {
        self.entries.iter().find_map(|past| match &past.entry {
            Entry::PreImage { before } => Some(before),
            _ => None,
        })
    }

    /// What the resource was after the run.
    pub(super) fn post_image(
        &self,
    ) -> Option<&std::collections::BTreeMap<String, serde_json::Value>> {
        self.entries
            .iter()
            .rev()
            .find_map(|past| match &past.entry {
                Entry::Verified { after, .. } => Some(after),
                _ => None,
            })
    }

    /// Whether a call that changes something may have been made.
    pub(super) fn is_touched(&self) -> bool {
        let mut open = BTreeSet::new();
        for past in &self.entries {
            match &past.entry {
                Entry::CallStarted { path, .. } => {
                    open.insert(path);
                }
                Entry::CallFailed {
                    path, doubt: false, ..
                } => {
                    open.remove(path);
                }
                _ => {}
            }
        }
        !open.is_empty()
    }
}
