//! What happened to each plan: an append-only list of entries, from which its state follows.

mod stored;

use std::collections::BTreeMap;
use std::future::Future;

use jiff::Timestamp;
use posture_store::StoreError;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::contract::Plan;
use crate::run::StepRecord;

pub use stored::{Beside, Keeping, StoreJournal};

/// Something that happened to a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all_fields = "camelCase")]
pub enum Entry {
    /// It was made.
    Planned {
        /// All of it.
        plan: Box<Plan>,
    },
    /// Somebody agreed.
    Approved {
        /// Who.
        by: String,
    },
    /// Somebody refused.
    Denied {
        /// Who.
        by: String,
        /// Why.
        reason: String,
    },
    /// Somebody answered a step that waits.
    Answered {
        /// Which.
        step: String,
        /// Who.
        by: String,
        /// Whether it goes on.
        agreed: bool,
    },
    /// A worker began, or went on with, the run.
    RunStarted {
        /// Who asked for it.
        by: String,
        /// Who answers for it: approvers, or the configuration.
        authority: String,
    },
    /// What the resource was, right before the first call.
    PreImage {
        /// By facet.
        before: BTreeMap<String, Value>,
    },
    /// A call that changes something is about to be made.
    CallStarted {
        /// Which, unique in the plan.
        path: String,
        /// The service.
        service: String,
        /// The operation.
        api: String,
    },
    /// It was made.
    CallFinished {
        /// Which.
        path: String,
        /// What it told.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        outputs: BTreeMap<String, Value>,
    },
    /// It failed.
    CallFailed {
        /// Which.
        path: String,
        /// How.
        message: String,
        /// Whether it may have been carried out all the same.
        doubt: bool,
    },
    /// A step ended.
    StepFinished {
        /// Which.
        path: String,
        /// How.
        record: StepRecord,
    },
    /// A step waits for a person.
    Waiting {
        /// Which.
        step: String,
    },
    /// The resource was read again after the run.
    Verified {
        /// What it is now, by facet.
        after: BTreeMap<String, Value>,
        /// Whether that is as it should be.
        compliant: bool,
    },
    /// The resource was recorded anew, and the rule that asked was evaluated again.
    Judged {
        /// The rule.
        rule: String,
        /// What it says, in AWS Config's word.
        compliance_type: String,
        /// Why.
        reason: String,
    },
    /// The document is handed over to SSM, which runs it from here on.
    HandedOver {
        /// The document there.
        document_name: String,
        /// Its version, which is the one that runs.
        document_version: String,
        /// Whose it is: `Amazon`, or an account.
        owner: String,
        /// The token by which SSM starts it once, however often it is asked to.
        client_token: String,
    },
    /// SSM took it.
    ExecutionStarted {
        /// SSM's `AutomationExecutionId`.
        execution_id: String,
    },
    /// SSM ended it.
    ExecutionEnded {
        /// SSM's `AutomationExecutionId`.
        execution_id: String,
        /// SSM's `AutomationExecutionStatus`.
        status: String,
        /// SSM's `FailureMessage`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
    /// The undo of what was done began.
    UndoStarted {
        /// Who asked for it; nobody where a run failed.
        by: Option<String>,
    },
    /// The run, or the undo, ended.
    Finished {
        /// How.
        outcome: RunOutcome,
        /// In words.
        reason: String,
    },
    /// Too many attempts failed on a resource: nothing is done there by itself any more.
    Excepted {
        /// The rule.
        rule: String,
        /// Why.
        message: String,
    },
    /// That ended.
    ExceptionCleared {
        /// By whom.
        by: String,
    },
    /// All remediation was stopped.
    Stopped {
        /// By whom.
        by: String,
        /// Why.
        reason: String,
    },
    /// It may go on.
    Resumed {
        /// By whom.
        by: String,
    },
}

/// How a run, or an undo, ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RunOutcome {
    /// Done, and seen to be done.
    Succeeded,
    /// There was nothing to do.
    AlreadyCompliant,
    /// It was done, and the rule that asked still fails.
    NonCompliant,
    /// It failed before anything was changed.
    Untouched,
    /// It failed, and what was changed is as it was before.
    RolledBack,
    /// The undo that was asked for brought back what was there.
    Undone,
    /// The undo that was asked for brought back what can be; the reason says what is not.
    UndonePartly,
    /// Nobody knows what the resource is now: a person has to look.
    Unknown,
}

impl RunOutcome {
    /// As it is shown.
    pub fn as_str(self) -> &'static str {
        match self {
            RunOutcome::Succeeded => "Succeeded",
            RunOutcome::AlreadyCompliant => "AlreadyCompliant",
            RunOutcome::NonCompliant => "NonCompliant",
            RunOutcome::Untouched => "Untouched",
            RunOutcome::RolledBack => "RolledBack",
            RunOutcome::Undone => "Undone",
            RunOutcome::UndonePartly => "UndonePartly",
            RunOutcome::Unknown => "Unknown",
        }
    }
}

impl Entry {
    /// Its name, by which it can be looked for.
    pub fn kind(&self) -> &'static str {
        match self {
            Entry::Planned { .. } => "Planned",
            Entry::Approved { .. } => "Approved",
            Entry::Denied { .. } => "Denied",
            Entry::Answered { .. } => "Answered",
            Entry::RunStarted { .. } => "RunStarted",
            Entry::PreImage { .. } => "PreImage",
            Entry::CallStarted { .. } => "CallStarted",
            Entry::CallFinished { .. } => "CallFinished",
            Entry::CallFailed { .. } => "CallFailed",
            Entry::StepFinished { .. } => "StepFinished",
            Entry::Waiting { .. } => "Waiting",
            Entry::Verified { .. } => "Verified",
            Entry::Judged { .. } => "Judged",
            Entry::HandedOver { .. } => "HandedOver",
            Entry::ExecutionStarted { .. } => "ExecutionStarted",
            Entry::ExecutionEnded { .. } => "ExecutionEnded",
            Entry::UndoStarted { .. } => "UndoStarted",
            Entry::Finished { .. } => "Finished",
            Entry::Excepted { .. } => "Excepted",
            Entry::ExceptionCleared { .. } => "ExceptionCleared",
            Entry::Stopped { .. } => "Stopped",
            Entry::Resumed { .. } => "Resumed",
        }
    }

    /// Whether others are told of it.
    fn is_news(&self) -> bool {
        matches!(
            self,
            Entry::Planned { .. }
                | Entry::Approved { .. }
                | Entry::Denied { .. }
                | Entry::Waiting { .. }
                | Entry::Finished { .. }
                | Entry::Excepted { .. }
                | Entry::ExceptionCleared { .. }
                | Entry::Stopped { .. }
                | Entry::Resumed { .. }
        )
    }
}

/// What a plan is about, by which others find it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanKey {
    /// The plan.
    pub plan_id: String,
    /// The account.
    pub account_id: String,
    /// The document.
    pub document: String,
    /// The resource.
    pub resource_id: String,
}

/// An entry as it was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    /// What it is about.
    pub key: PlanKey,
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub entry: Entry,
}

/// Why something could not be kept, or read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Somebody else writes to the same plan.
    #[error(
        "another worker writes to plan {plan}, or this one was taken for dead; nothing was done twice"
    )]
    Contended {
        /// The plan.
        plan: String,
    },
    /// Somebody else holds the plan.
    #[error(
        "plan {plan} is held by another worker until {until}: it works on it, or died; try again then"
    )]
    Held {
        /// The plan.
        plan: String,
        /// When it counts as dead.
        until: Timestamp,
    },
    /// What others keep with an entry could not be made; the entry is not kept either.
    #[error("the evidence of plan {plan} could not be written: {what}")]
    Beside {
        /// The plan.
        plan: String,
        /// What went wrong.
        what: String,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is stored is none of ours.
    #[error("an entry of plan {plan} can't be read: {cause}")]
    Unreadable {
        /// The plan.
        plan: String,
        /// Why.
        cause: serde_json::Error,
    },
}

impl JournalError {
    /// Whether somebody else works on the plan.
    pub(crate) fn is_held(&self) -> bool {
        matches!(self, JournalError::Held { .. })
    }
}

/// Where the journal is kept.
pub trait Journal: Send + Sync {
    /// Leave to work on a plan, which nobody else has meanwhile.
    type Hold: Send + Sync;

    /// Takes a plan to work on it. Whoever died with it loses it after a while.
    fn hold(&self, plan: &str) -> impl Future<Output = Result<Self::Hold, JournalError>> + Send;

    /// Gives it back.
    fn release(&self, hold: Self::Hold) -> impl Future<Output = Result<(), JournalError>> + Send;

    /// Keeps a plan for longer: who waits for others says that it is alive.
    fn renew(
        &self,
        plan: &str,
        hold: &Self::Hold,
    ) -> impl Future<Output = Result<(), JournalError>> + Send;

    /// Adds an entry at a place, from 0; with a hold, only while that is not lost.
    fn append(
        &self,
        key: &PlanKey,
        place: usize,
        at: Timestamp,
        entry: &Entry,
        hold: Option<&Self::Hold>,
    ) -> impl Future<Output = Result<(), JournalError>> + Send;

    /// All entries of a plan, in order.
    fn entries(&self, plan: &str) -> impl Future<Output = Result<Vec<Past>, JournalError>> + Send;

    /// All entries of a kind since a time, in order.
    fn of_kind(
        &self,
        kind: &str,
        since: Timestamp,
    ) -> impl Future<Output = Result<Vec<Past>, JournalError>> + Send;
}
