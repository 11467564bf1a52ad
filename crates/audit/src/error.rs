//! What can go wrong with assessments and evidence.

use posture_ledger::LedgerError;
use posture_store::{StoreError, sql};

/// Why something could not be done to evidence or an assessment.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The state failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The database refused a statement.
    #[error("the database refused a statement")]
    Database(#[from] sql::Error),
    /// AWS refused every call, or could not be asked.
    #[error(transparent)]
    Aws(#[from] posture_aws::CallError),
    /// The evidence log failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// What is stored in the state is not what was written there.
    #[error("{what} in the state can't be read back; the database is damaged")]
    Damaged {
        /// What.
        what: String,
    },
    /// Other processes appended to the log again and again.
    #[error("other processes kept appending to the evidence log; try again")]
    Contended,
    /// No period can be read.
    #[error("{text:?} is no period; expected 2026-Q2, 2026-04, 2026 or 2026-04-01..2026-06-30")]
    Period {
        /// What was given.
        text: String,
    },
    /// No part of the assessment's period.
    #[error("{part} is no part of the assessment's period, which is {period}")]
    NoPart {
        /// What was given.
        part: String,
        /// The assessment's.
        period: String,
    },
    /// A name that is no call that is made for evidence.
    #[error("{name} is not called: {why}")]
    ApiCall {
        /// What was given.
        name: String,
        /// Why not.
        why: String,
    },
    /// No tag can be read.
    #[error("{text:?} is no tag; expected KEY=VALUE, or KEY for any value")]
    Tag {
        /// What was given.
        text: String,
    },
    /// A name that no assessment can have: it becomes a file's.
    #[error("{name:?} is no name for an assessment: letters, digits, `.`, `_` and `-`, at most 64")]
    Name {
        /// What was given.
        name: String,
    },
    /// There is one of this name.
    #[error("there is an assessment {name} already")]
    AssessmentExists {
        /// The name.
        name: String,
    },
    /// There is none of this name.
    #[error("there is no assessment {name:?}; there are: {}", known.join(", "))]
    NoAssessment {
        /// The name.
        name: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// It is read only.
    #[error("the assessment {name} is INACTIVE, which is final: it can be read and exported only")]
    Closed {
        /// The name.
        name: String,
    },
    /// Somebody else was faster.
    #[error("somebody changed the assessment {name} meanwhile; nothing was done, try again")]
    Overtaken {
        /// The name.
        name: String,
    },
    /// A framework changed, and has the version of before.
    #[error(
        "the state has another {name} of version {version:?}, on which assessments rest; give what changed another version"
    )]
    FrameworkChanged {
        /// The name.
        name: String,
        /// The version.
        version: String,
    },
    /// The framework has no such control or control set.
    #[error(
        "{framework} has no control or control set {control:?}; `posture frameworks show {framework}` names them"
    )]
    NoControl {
        /// What was given.
        control: String,
        /// The framework.
        framework: String,
    },
    /// The request list has no such request.
    #[error(
        "{assessment} has no request {request:?}; `posture assess requests {assessment}` names them"
    )]
    NoRequest {
        /// What was given.
        request: String,
        /// The assessment.
        assessment: String,
    },
    /// A list of requests has mistakes.
    #[error("nothing was imported: {}", problems.join("; "))]
    RequestList {
        /// Every mistake, with its line.
        problems: Vec<String>,
    },
    /// No run has this number.
    #[error(
        "no run {run} is recorded here; `posture evidence log` names those of the log as run-NUMBER"
    )]
    NoRun {
        /// What was given.
        run: i64,
    },
    /// An act has no author.
    #[error("somebody has to be named, and the name is empty")]
    Nobody,
    /// What opens an event's commitments was deleted.
    #[error(
        "who made the call {event} can't be shown any more: what opens its commitment was deleted under a retention rule"
    )]
    Redacted {
        /// The event's id.
        event: String,
    },
    /// No record commits to an event's fields.
    #[error(
        "no record of the log commits to who made the call {event}: `posture evidence find --kind user-activity` lists the calls"
    )]
    NotCommitted {
        /// The event's id.
        event: String,
    },
    /// There were no random bytes for a salt.
    #[error("the system gave no random bytes")]
    NoRandom,
    /// Something could not be made into JSON.
    #[error("a record could not be written as JSON")]
    Json(#[from] serde_json::Error),
    /// A body could not be packed or unpacked, or a file could not be read.
    #[error("evidence could not be read or written")]
    File(#[from] std::io::Error),
}
