//! What came of an import.

use serde::Serialize;

/// How far an import is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reached {
    /// Assessments that are done.
    pub assessments: usize,
    /// Of so many.
    pub of_assessments: usize,
    /// Folders of the assessment at hand that are done.
    pub folders: usize,
    /// Of so many.
    pub of_folders: usize,
    /// Pieces of evidence that are new, so far.
    pub evidence: usize,
}

/// What came of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// Framework files that are new here.
    pub new_frameworks: usize,
    /// Assessments that were read.
    pub assessments: usize,
    /// Of these, those that are new here, or stand otherwise than before.
    pub changed_assessments: usize,
    /// Evidence folders that there are.
    pub folders: usize,
    /// Of these, those that were read; the others were read before, and are as they were.
    pub folders_read: usize,
    /// Pieces of evidence that are new here, or other than before.
    pub new_evidence: usize,
    /// Answers that are kept as they were given, and are new here.
    pub new_documents: usize,
    /// What could not be read, or has no place here; the next import tries it again.
    pub problems: Vec<ImportProblem>,
    /// What of a framework's sources did not come along.
    pub notes: Vec<String>,
}

/// Something that did not come along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportProblem {
    /// What: the account, an assessment, a folder with its control and day.
    pub subject: String,
    /// The call that failed; none where all calls were answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call: Option<&'static str>,
    /// Why.
    pub why: String,
}
