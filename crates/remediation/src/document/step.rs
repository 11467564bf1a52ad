//! A step.

use posture_content::yaml::Place;

use super::action::Action;

/// A step of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Unique in the document.
    pub name: String,
    /// Where it is in the text.
    pub place: Place,
    /// What it does.
    pub action: Action,
    /// What it tells the steps that follow.
    pub outputs: Vec<Output>,
    /// What happens when it fails; `Abort` where nothing is said.
    pub on_failure: OnFailure,
    /// What happens when the run is cancelled while it runs.
    pub on_cancel: OnFailure,
    /// How often it is tried, at least once.
    pub max_attempts: u32,
    /// How long one attempt may take.
    pub timeout_seconds: Option<u32>,
    /// Whether its failure makes the whole run a failure. True, but where `onFailure` is `Continue` and nothing else
    /// is said.
    pub is_critical: bool,
    /// Whether the run ends after it, whether it succeeds or fails.
    pub is_end: bool,
    /// Which step follows when it succeeded; the next one in the file where nothing is said.
    pub next_step: Option<String>,
}

/// What happens after a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnFailure {
    /// The run ends, failed.
    Abort,
    /// The next step follows.
    Continue,
    /// Another step follows.
    Step(String),
}

/// A part of what a call answered, under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// `{{ Step.Name }}` refers to it.
    pub name: String,
    /// A JSONPath in the answer.
    pub selector: String,
    /// Of which type it is.
    pub kind: super::Kind,
}
