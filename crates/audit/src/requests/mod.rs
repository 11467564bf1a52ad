//! The auditor's request list: what is asked for, whether it is there, and what to do where it is not.

mod list;
mod sources;
mod status;

use posture_content::requests;

use crate::assessment::Assessment;

pub use list::{REQUEST_COLUMNS, read_requests, request_cells};
pub use sources::{Source, SourceKind};
pub use status::{RequestState, RequestStatus, request_statuses};

/// Whether an assessment has a request of this id.
pub(crate) fn is_request(assessment: &Assessment, id: &str) -> bool {
    let is_asked = |id: &str| {
        let record = assessment.requests.get(id);
        record.is_some_and(|record| record.asked.is_some())
    };
    is_builtin(id) || is_asked(id)
}

/// Whether the embedded list has it.
pub(crate) fn is_builtin(id: &str) -> bool {
    let all = requests::embedded().unwrap_or_default();
    all.iter().any(|request| request.id == id)
}
