//! Why something was not planned, approved, run or undone.

use jiff::Timestamp;

use crate::journal::JournalError;

/// Why something was not planned, approved, run or undone. Nothing was changed, but where it says so.
#[derive(Debug, thiserror::Error)]
pub enum RemediationError {
    /// A file of a document is broken.
    #[error("{}", lines(file, problems))]
    Content {
        /// Which.
        file: String,
        /// Everything that is wrong, with line and column.
        problems: Vec<String>,
    },
    /// There is no such document.
    #[error("there is no remediation document {name:?}; `posture remediate documents` names them")]
    NoDocument {
        /// The name.
        name: String,
    },
    /// A document would need more than it declares.
    #[error("{document} needs {}, which its safety file doesn't declare: refused", actions.join(", "))]
    Undeclared {
        /// The document.
        document: String,
        /// What is missing.
        actions: Vec<String>,
    },
    /// What the document was given doesn't fit.
    #[error("{document}: {}", problems.join("; "))]
    Parameters {
        /// The document.
        document: String,
        /// Everything that is wrong.
        problems: Vec<String>,
    },
    /// The resource could not be read, so nothing is known of it.
    #[error("{resource} could not be read: {what}{}", denied.as_ref().map_or(String::new(), |action| format!(" (allow {action})")))]
    Unread {
        /// The resource.
        resource: String,
        /// What went wrong.
        what: String,
        /// The IAM action that is missing.
        denied: Option<String>,
    },
    /// A template of the safety file doesn't fit the resource.
    #[error("{document}: {what}")]
    Template {
        /// The document.
        document: String,
        /// What is wrong.
        what: String,
    },
    /// The document would stop at a step before it changes anything.
    #[error("{document} would stop at {step}: {message}")]
    WouldFail {
        /// The document.
        document: String,
        /// The step.
        step: String,
        /// Why.
        message: String,
    },
    /// A plan can't say what the document does.
    #[error(
        "{document}: where {step} goes depends on what a change answers, so no plan can say it; hand the document over to SSM"
    )]
    Undecidable {
        /// The document.
        document: String,
        /// The step.
        step: String,
    },
    /// There is no such plan.
    #[error("there is no plan {plan:?}; `posture remediate list` names them")]
    NoPlan {
        /// Its id.
        plan: String,
    },
    /// There is no such remediation exception.
    #[error(
        "there is no remediation exception {id:?}; `posture remediate exceptions list` names them"
    )]
    NoException {
        /// Its id.
        id: String,
    },
    /// A guard says no.
    #[error("plan {plan} is refused: {}", reasons.join("; "))]
    Refused {
        /// The plan.
        plan: String,
        /// Every reason.
        reasons: Vec<String>,
    },
    /// It is not in the state that this needs.
    #[error("plan {plan} is {state}: {what}")]
    State {
        /// The plan.
        plan: String,
        /// Its state.
        state: &'static str,
        /// What to do.
        what: &'static str,
    },
    /// The resource is not as the plan saw it.
    #[error("{resource} has changed since plan {plan} was made ({facet}): plan again")]
    Stale {
        /// The plan.
        plan: String,
        /// The resource.
        resource: String,
        /// What changed.
        facet: String,
    },
    /// The plan is for another account or Region than this process calls.
    #[error("plan {plan} is for {wanted}, and the credentials are for {found}")]
    Elsewhere {
        /// The plan.
        plan: String,
        /// Account and Region of the plan.
        wanted: String,
        /// Those here.
        found: String,
    },
    /// The plan's time is over.
    #[error("plan {plan} expired at {at}: plan again")]
    Expired {
        /// The plan.
        plan: String,
        /// When.
        at: Timestamp,
    },
    /// Journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A plan could not be written as JSON.
    #[error("a plan could not be written")]
    Json(#[from] serde_json::Error),
}

fn lines(file: &str, problems: &[String]) -> String {
    let lines: Vec<String> = problems
        .iter()
        .map(|problem| format!("{file}:{problem}"))
        .collect();
    lines.join("\nerror: ")
}
