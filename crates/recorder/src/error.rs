//! Why a recording could not be made at all.

use std::error::Error;

use posture_aws::CallError;

/// Why a recording could not be made. What single calls answer is coverage, and no error.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// Nobody knows which account this is.
    #[error("the account is not known: sts:GetCallerIdentity was not answered")]
    Account(#[source] Box<CallError>),
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
