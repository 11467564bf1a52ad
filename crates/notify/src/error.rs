//! What can go wrong with rules and deliveries.

use posture_router::{PatternError, TransformError};
use posture_store::StoreError;

/// Why `events` of `posture.yaml` can't be used.
#[derive(Debug, thiserror::Error)]
pub enum RouteError {
    /// Two of a name.
    #[error("events.{list}: {name:?} is there twice")]
    Twice {
        /// `rules` or `targets`.
        list: &'static str,
        /// The name.
        name: String,
    },
    /// No name, or a text that is none.
    #[error(
        "events.{list}: {name:?} is no name; expected 1 to 64 letters, digits, `.`, `-` and `_`"
    )]
    Name {
        /// `rules` or `targets`.
        list: &'static str,
        /// What was given.
        name: String,
    },
    /// A pattern that EventBridge would refuse.
    #[error("events.rules: the pattern of {rule}, as JSON, at {error}")]
    Pattern {
        /// The rule.
        rule: String,
        /// Where and why.
        error: PatternError,
    },
    /// A transformer that EventBridge would refuse.
    #[error("events.rules: the transformer of {rule}: {error}")]
    Transformer {
        /// The rule.
        rule: String,
        /// Why.
        error: TransformError,
    },
    /// A rule without a target.
    #[error("events.rules: {rule} has no target")]
    NoTarget {
        /// The rule.
        rule: String,
    },
    /// A target that is not declared.
    #[error("events.rules: {rule} has the target {target:?}, and events.targets has {known}")]
    UnknownTarget {
        /// The rule.
        rule: String,
        /// What it names.
        target: String,
        /// The targets that there are.
        known: String,
    },
    /// A target that lacks something, or has what can't be.
    #[error("events.targets: {target}: {what}")]
    Target {
        /// The target.
        target: String,
        /// What is wrong.
        what: String,
    },
}

/// Why deliveries could not go on.
#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    /// The state failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is stored is none of ours.
    #[error("the stored delivery {delivery} can't be read: {cause}")]
    Stored {
        /// Its number.
        delivery: i64,
        /// Why.
        cause: serde_json::Error,
    },
}

impl From<posture_store::sql::Error> for NotifyError {
    fn from(error: posture_store::sql::Error) -> NotifyError {
        NotifyError::Store(error.into())
    }
}

/// Why a target did not take a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SendError {
    /// It takes nothing at present, or not from us: everything to it waits.
    Down {
        what: String,
        /// Seconds that it asked to be left alone.
        retry_after: Option<u32>,
    },
    /// It failed with this message; others may do better.
    Failed(String),
    /// It will never take this message.
    Refused(String),
}

impl SendError {
    pub(crate) fn down(what: impl Into<String>) -> SendError {
        SendError::Down {
            what: what.into(),
            retry_after: None,
        }
    }

    pub(crate) fn what(&self) -> &str {
        match self {
            SendError::Down { what, .. } | SendError::Failed(what) | SendError::Refused(what) => {
                what
            }
        }
    }
}

impl From<NotifyError> for SendError {
    fn from(error: NotifyError) -> SendError {
        SendError::Failed(error.to_string())
    }
}
