//! Why a rule could not decide.

use std::fmt;

use crate::ResourceType;

/// A check that could not run. It is never a pass and never a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsufficientData {
    /// The place that was wanted, as the rule names it; empty where the whole item is meant.
    pub path: String,
    /// What stands in the way.
    pub reason: Reason,
}

/// What stands in the way of a verdict. Each is its own state, and is shown as such.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The call was refused; `action` is the IAM action that was missing.
    Denied {
        /// The IAM action, such as `s3:GetBucketVersioning`.
        action: String,
    },
    /// The service asked for fewer calls, and went on doing so.
    Throttled {
        /// The IAM action of the call.
        action: String,
    },
    /// The call failed otherwise.
    CallFailed {
        /// The IAM action of the call.
        action: String,
        /// AWS's error code.
        code: String,
    },
    /// The source of the item doesn't hold this place.
    NotCollected,
    /// Nothing in the input says whether resources of this type exist.
    NotRecorded {
        /// The type that the rule needed beside its own.
        resource_type: ResourceType,
    },
    /// The place holds a value of another kind than AWS documents.
    Malformed {
        /// What was found there.
        found: String,
        /// What was expected.
        expected: &'static str,
    },
    /// A parameter of the rule can't be used.
    InvalidParameter {
        /// The parameter's name.
        name: String,
        /// What is wrong with it.
        message: String,
    },
    /// The rule's code is a Lambda function of the user's, which isn't run here.
    CustomLambda {
        /// The function's ARN.
        function: String,
    },
    /// The rule is not one that this version implements.
    NotImplemented {
        /// The identifier.
        identifier: String,
    },
    /// The rule's Guard policy could not be evaluated.
    PolicyFailed {
        /// What Guard said.
        message: String,
    },
}

impl Reason {
    /// A stable word for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Reason::Denied { .. } => "DENIED",
            Reason::Throttled { .. } => "THROTTLED",
            Reason::CallFailed { .. } => "CALL_FAILED",
            Reason::NotCollected => "NOT_COLLECTED",
            Reason::NotRecorded { .. } => "NOT_RECORDED",
            Reason::Malformed { .. } => "MALFORMED",
            Reason::InvalidParameter { .. } => "INVALID_PARAMETER",
            Reason::CustomLambda { .. } => "CUSTOM_LAMBDA",
            Reason::NotImplemented { .. } => "NOT_IMPLEMENTED",
            Reason::PolicyFailed { .. } => "POLICY_FAILED",
        }
    }
}

impl fmt::Display for InsufficientData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match &self.reason {
            Reason::Denied { action } => write!(f, "{path} was not read: {action} was denied"),
            Reason::Throttled { action } => {
                write!(f, "{path} was not read: {action} was throttled")
            }
            Reason::CallFailed { action, code } => {
                write!(f, "{path} was not read: {action} failed with {code}")
            }
            Reason::NotCollected => write!(f, "{path} was not collected by this source"),
            Reason::NotRecorded { resource_type } => write!(
                f,
                "nothing in the input says whether {resource_type} resources exist here"
            ),
            Reason::Malformed { found, expected } => {
                write!(f, "{path} is {found}, where {expected} was expected")
            }
            Reason::InvalidParameter { name, message } => {
                write!(f, "parameter {name} {message}")
            }
            Reason::CustomLambda { function } => {
                write!(
                    f,
                    "the rule runs the Lambda function {function}, which is not run here"
                )
            }
            Reason::NotImplemented { identifier } => {
                write!(f, "{identifier} is not implemented in this version")
            }
            Reason::PolicyFailed { message } => {
                write!(f, "the Guard policy could not be evaluated: {message}")
            }
        }
    }
}

impl std::error::Error for InsufficientData {}
