//! Why a call could not be made, or what its service answered instead.

use std::fmt;

use crate::denied::DeniedAction;

/// Why a service or an operation is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// No such service.
    #[error("there is no service {name:?}{nearest}")]
    NoService {
        /// As asked for.
        name: String,
        /// The nearest name there is.
        nearest: Nearest,
    },
    /// No such operation.
    #[error("{service} has no operation {name:?}{nearest}")]
    NoOperation {
        /// The service that was asked.
        service: String,
        /// As asked for.
        name: String,
        /// The nearest name there is.
        nearest: Nearest,
    },
    /// The embedded model is damaged: a fault of this build.
    #[error("the model of {service} is damaged: {what}")]
    Corrupt {
        /// The service whose model it is.
        service: String,
        /// What does not hold.
        what: String,
    },
}

impl ModelError {
    pub(crate) fn no_service<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Self {
        Self::NoService {
            name: name.to_owned(),
            nearest: Nearest::of(name, known),
        }
    }

    pub(crate) fn no_operation<'n>(
        service: &str,
        name: &str,
        known: impl Iterator<Item = &'n str>,
    ) -> Self {
        Self::NoOperation {
            service: service.to_owned(),
            name: name.to_owned(),
            nearest: Nearest::of(name, known),
        }
    }
}

/// The nearest known name, for the end of a sentence; nothing when none is near.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearest(Option<String>);

impl Nearest {
    /// Near is one edit, or at most two in five letters, case aside.
    pub(crate) fn of<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Self {
        let wanted = name.to_ascii_lowercase();
        let best = known
            .map(|known| {
                let edits = strsim::osa_distance(&wanted, &known.to_ascii_lowercase());
                (edits, known)
            })
            .min();
        let near = |&(edits, known): &(usize, &str)| {
            edits <= 1 || edits * 5 <= known.len().max(name.len()) * 2
        };
        Self(best.filter(near).map(|(_, known)| known.to_owned()))
    }
}

impl fmt::Display for Nearest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(name) => write!(f, "; the nearest is {name:?}"),
            None => Ok(()),
        }
    }
}

/// Everything that is wrong with an operation's input, none of it sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.in_words())]
pub struct InputError {
    /// `service Operation`.
    pub operation: String,
    /// What is wrong, in the order of the input; never empty.
    pub problems: Vec<InputProblem>,
}

impl InputError {
    fn in_words(&self) -> String {
        let problems: Vec<String> = self.problems.iter().map(ToString::to_string).collect();
        format!("input of {}: {}", self.operation, problems.join("; "))
    }
}

/// One thing that is wrong with an input.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {what}")]
pub struct InputProblem {
    /// Where, as in `Filters[0].Values`; `input` for the whole.
    pub path: String,
    /// What is wrong there.
    pub what: String,
}

/// A reply that does not have the form that the model promises, or is no reply of AWS at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unreadable reply{}{path}: {what}", if path.is_empty() { "" } else { " at " })]
pub struct ReplyError {
    /// Where in the output, as in `Reservations[0].LaunchTime`; empty for the whole.
    pub path: String,
    /// What does not fit there.
    pub what: String,
}

/// An error that a service answered.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceError {
    /// As in `AccessDeniedException`, without namespace or URL; the HTTP status where the service gave no code.
    pub code: String,
    /// The service's own words; may be empty.
    pub message: String,
    /// The HTTP status, after which the error is judged when its code is not known.
    pub status: u16,
    /// What AWS's support asks for.
    pub request_id: Option<String>,
    /// The modelled members of the error, when it is modelled and has any.
    pub details: serde_json::Value,
    /// The IAM action that was denied, when that is what happened.
    pub denied: Option<DeniedAction>,
    /// Whether it may go away by itself, and was tried again in vain.
    pub retry: Option<Retry>,
    /// S3 named the Region where the bucket is.
    pub bucket_region: Option<String>,
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (HTTP {})", self.code, self.status)?;
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        if let Some(denied) = &self.denied {
            write!(f, " [denied: {denied}]")?;
        }
        Ok(())
    }
}

/// Why an error may go away by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Too many calls.
    Throttling,
    /// The service or the network failed.
    Transient,
}

/// Why a call has no output.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The service or the operation does not exist.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The input does not fit the operation; nothing was sent.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The call may change a customer's resource, and was not asked for as such; nothing was sent.
    #[error("{service}:{operation} may change resources; only reads are allowed here")]
    Mutating {
        /// The service.
        service: &'static str,
        /// The operation.
        operation: String,
    },
    /// The call is none of those that were authorised; nothing was sent.
    #[error("{action} is not among the actions of plan {plan}")]
    Unauthorised {
        /// The IAM action that it needs.
        action: String,
        /// The plan that was authorised.
        plan: String,
    },
    /// The endpoint rules of AWS refuse the Region, the bucket or the settings; nothing was sent.
    #[error("no endpoint for {service}{}: {what}", in_region(region))]
    Endpoint {
        /// The service.
        service: &'static str,
        /// The Region asked for; empty when there is none.
        region: String,
        /// In the rules' words.
        what: String,
    },
    /// A thing of AWS's that this client does not do; nothing was sent.
    #[error("{service}:{operation} needs {what}, which is not supported")]
    Unsupported {
        /// The service.
        service: &'static str,
        /// The operation.
        operation: String,
        /// What it would take.
        what: &'static str,
    },
    /// There are no credentials, or they could not be had; nothing was sent.
    #[error("no credentials: {what}")]
    Credentials {
        /// The provider's own words.
        what: String,
        /// What STS answered, where a role was to be assumed and was not.
        code: Option<String>,
    },
    /// The request could not be signed; nothing was sent.
    #[error("the request could not be signed: {0}")]
    Signing(String),
    /// No answer: refused, reset, not resolved, or too late.
    #[error("{service} did not answer: {what}")]
    Unreachable {
        /// The service.
        service: &'static str,
        /// The cause, innermost last.
        what: String,
        /// Whether time ran out.
        timed_out: bool,
    },
    /// The service answered an error.
    #[error("{service}:{operation}: {error}")]
    Service {
        /// The service.
        service: &'static str,
        /// The operation.
        operation: String,
        /// What it answered.
        error: Box<ServiceError>,
    },
    /// The service answered something that its model does not allow.
    #[error("{service}:{operation}: {error}")]
    Reply {
        /// The service.
        service: &'static str,
        /// The operation.
        operation: String,
        /// What does not fit.
        error: ReplyError,
    },
}

impl ReplyError {
    /// Something that does not fit, at a place that callers add as the error passes through them.
    pub(crate) fn here(what: impl Into<String>) -> Self {
        Self {
            path: String::new(),
            what: what.into(),
        }
    }

    /// The error, found within the member `name`.
    pub(crate) fn within(mut self, name: &str) -> Self {
        let glue = if self.path.is_empty() || self.path.starts_with('[') {
            ""
        } else {
            "."
        };
        self.path = format!("{name}{glue}{}", self.path);
        self
    }

    /// The error, found within the element `index`.
    pub(crate) fn at(self, index: usize) -> Self {
        self.within(&format!("[{index}]"))
    }
}

fn in_region(region: &str) -> String {
    if region.is_empty() {
        String::new()
    } else {
        format!(" in {region}")
    }
}
