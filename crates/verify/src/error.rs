//! Why nothing could be checked.

use std::io;
use std::path::PathBuf;

use crate::timestamp::TimestampError;

/// Why nothing could be checked.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The file or folder could not be read.
    #[error("{} could not be read", path.display())]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// What the file system said.
        #[source]
        cause: io::Error,
    },
    /// What was given as a timestamp authority's certificate is none.
    #[error("{} has no certificate of a timestamp authority", path.display())]
    Authority {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        #[source]
        cause: TimestampError,
    },
    /// The zip file is not one as the format prescribes, so it may show other readers something else.
    #[error("{} was refused: {why}", path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// What does not fit the format.
        why: String,
    },
    /// There is no log to check.
    #[error("{} holds no log: it has no checkpoint", path.display())]
    NoLog {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The newest checkpoint is none, so nothing says what the log should be.
    #[error("checkpoint is damaged: {why}")]
    Checkpoint {
        /// What does not fit.
        why: String,
    },
    /// A key that was given is none.
    #[error("{text:?} is no {kind}: {why}")]
    Key {
        /// What was given.
        text: String,
        /// Which kind of key was wanted.
        kind: &'static str,
        /// What does not fit.
        why: &'static str,
    },
}
