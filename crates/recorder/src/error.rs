//! Why a recording could not be made at all.

use std::error::Error;

use posture_aws::CallError;

/// Why a recording could not be made. What single calls answer is coverage, and no error.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// Nobody knows which account this is.
    #[error("the account is not known: sts:GetCallerIdentity was not answered")]
    Account(#[source] Box<CallError>),
    /// An aggregator can't be asked.
    #[error("the aggregator could not be asked for its sources")]
    Aggregator(#[source] Box<CallError>),
    /// The credentials are of an account that is not wanted.
    #[error("the credentials are of account {account_id}, which --account leaves out")]
    OtherAccount {
        /// Whose they are.
        account_id: String,
    },
    /// An account that is wanted is none of those that are to be recorded.
    #[error(
        "account {account_id} is none of those that posture.yaml's accounts name; it was not read"
    )]
    UnknownAccount {
        /// The one that is wanted.
        account_id: String,
    },
    /// An account without a role is another one than that of the credentials.
    #[error(
        "the credentials are of account {own}: account {account_id} needs a roleName in posture.yaml"
    )]
    NoRole {
        /// The one without a role.
        account_id: String,
        /// Whose credentials they are.
        own: String,
    },
    /// The sink could not take what was recorded.
    #[error("what was recorded could not be kept")]
    Sink(#[source] Box<dyn Error + Send + Sync>),
    /// A task ended without a result: a bug of ours.
    #[error("a part of the recording broke off")]
    Task(#[source] tokio::task::JoinError),
}

impl RecordError {
    pub(crate) fn sink(error: impl Error + Send + Sync + 'static) -> RecordError {
        RecordError::Sink(Box::new(error))
    }
}
