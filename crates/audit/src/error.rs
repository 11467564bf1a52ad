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
    /// An act has no author.
    #[error("somebody has to be named, and the name is empty")]
    Nobody,
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
