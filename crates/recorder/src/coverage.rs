//! How far something could be read.

use posture_aws::{CallError, Retry, ServiceError};
use posture_model::{CoverageState, ResourceType};

/// How far one fact could be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Coverage {
    /// The account's 12 digits; empty where the accounts themselves could not be listed.
    pub account_id: String,
    /// The Region; `global` for what has none, empty where the account as a whole is meant.
    pub aws_region: String,
    /// The type, as AWS Config spells it; empty where the Region or the account as a whole is meant.
    pub resource_type: &'static str,
    /// The place of items that was asked for; empty for the listing itself.
    pub fact: String,
    /// How far.
    pub state: CoverageState,
    /// The IAM action that was missing.
    pub denied_action: Option<String>,
    /// What was answered instead: AWS's error code, or what happened on the way. Not for machines.
    pub reason: Option<String>,
}

/// What one listing, or one fact of it, came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How far.
    pub state: CoverageState,
    /// The IAM action of the call that failed.
    pub action: String,
    /// AWS's error code, or the kind of failure.
    pub code: String,
    /// A permission was missing, for all or for some.
    pub is_denied: bool,
}

impl Outcome {
    /// All of it.
    pub fn complete() -> Outcome {
        Outcome {
            state: CoverageState::Complete,
            action: String::new(),
            code: String::new(),
            is_denied: false,
        }
    }

    /// A failure of the network or of a Region, and no answer of a service.
    pub(crate) fn failed(state: CoverageState, action: &str, code: &str) -> Outcome {
        Outcome {
            state,
            action: action.to_owned(),
            code: code.to_owned(),
            is_denied: false,
        }
    }

    /// The same, where some of it was read.
    #[must_use]
    pub(crate) fn partly(self) -> Outcome {
        Outcome {
            state: CoverageState::Partial,
            ..self
        }
    }

    /// Whether all of it was read.
    pub fn is_complete(&self) -> bool {
        self.state == CoverageState::Complete
    }

    /// What the failure of a call means. `disabled_on` are the codes of the declaration.
    pub fn of_error(error: &CallError, action: String, disabled_on: &[&str]) -> Outcome {
        let (state, code) = match error {
            CallError::Service { error, .. } => {
                (of_service(error, disabled_on), error.code.clone())
            }
            CallError::Unreachable { timed_out, .. } => {
                let code = if *timed_out { "Timeout" } else { "NoAnswer" };
                (CoverageState::Unreachable, code.to_owned())
            }
            CallError::Reply { .. } => (CoverageState::Unreachable, "UnreadableReply".to_owned()),
            CallError::Endpoint { .. } => (CoverageState::Unsupported, "NoEndpoint".to_owned()),
            CallError::Unsupported { .. }
            | CallError::Mutating { .. }
            | CallError::Unauthorised { .. }
            | CallError::Model(_) => (CoverageState::Unsupported, "Unsupported".to_owned()),
            CallError::Input(_) => (CoverageState::Unsupported, "InvalidInput".to_owned()),
            CallError::Credentials {
                code: Some(code), ..
            } => return Outcome::of_refused_role(code),
            CallError::Credentials { .. } | CallError::Signing(_) => {
                (CoverageState::Unreachable, "NoCredentials".to_owned())
            }
        };
        let denied = match error {
            CallError::Service { error, .. } => error.denied.as_ref(),
            _ => None,
        };
        let action = match denied {
            Some(denied) if denied.stated => denied.action.clone(),
            _ => action,
        };
        Outcome {
            state,
            action,
            code,
            is_denied: state == CoverageState::Denied,
        }
    }

    /// A role that could not be assumed. AWS says the same of a role that is not there, one that does
    /// not trust the caller, and a wrong external id.
    fn of_refused_role(code: &str) -> Outcome {
        let is_denied = code == "AccessDenied";
        let state = match code {
            "AccessDenied" => CoverageState::Denied,
            "Throttling" | "ThrottlingException" => CoverageState::Throttled,
            _ => CoverageState::Unreachable,
        };
        Outcome {
            is_denied,
            ..Outcome::failed(state, "sts:AssumeRole", code)
        }
    }

    /// The word of an item's `unread`.
    pub(crate) fn unread_state(&self) -> &'static str {
        match self.state {
            CoverageState::Denied => "denied",
            CoverageState::Throttled => "throttled",
            _ => "failed",
        }
    }

    /// As a row of coverage.
    pub(crate) fn row(
        &self,
        (account_id, aws_region): (&str, &str),
        resource_type: Option<ResourceType>,
        fact: &str,
    ) -> Coverage {
        Coverage {
            account_id: account_id.to_owned(),
            aws_region: aws_region.to_owned(),
            resource_type: resource_type.map_or("", ResourceType::as_str),
            fact: fact.to_owned(),
            state: self.state,
            denied_action: self.is_denied.then(|| self.action.clone()),
            reason: (!self.code.is_empty()).then(|| match self.action.as_str() {
                "" => self.code.clone(),
                action => format!("{action}: {}", self.code),
            }),
        }
    }
}

/// Codes that any service gives where an account, a Region or a subscription is not enabled.
/// Source: EC2 API reference, error codes; IAM's guide on Regions that have to be enabled.
const DISABLED: [&str; 6] = [
    "AuthFailure",
    "InvalidClientTokenId",
    "OptInRequired",
    "RegionDisabledException",
    "SubscriptionRequiredException",
    "UnrecognizedClientException",
];

/// Codes that say that there is no such operation.
const UNSUPPORTED: [&str; 7] = [
    "InvalidAction",
    "NotImplemented",
    "501",
    "404",
    "UnknownOperationException",
    "UnsupportedOperation",
    "UnsupportedOperationException",
];

fn of_service(error: &ServiceError, disabled_on: &[&str]) -> CoverageState {
    let code = error.code.as_str();
    if disabled_on.contains(&code) || DISABLED.contains(&code) {
        CoverageState::Disabled
    } else if error.denied.is_some() {
        CoverageState::Denied
    } else if error.retry == Some(Retry::Throttling) {
        CoverageState::Throttled
    } else if UNSUPPORTED.contains(&code) {
        CoverageState::Unsupported
    } else {
        CoverageState::Unreachable
    }
}
