//! What an auditor asks for: the request list ("prepared by client"), and what answers each request.
//!
//! One file, `crates/content/requests/aws.yaml`: 43 requests for an AWS estate in our own words. A
//! request names rules, resource types, API calls, CloudTrail events, records that Posture keeps of
//! itself, and what a person adds; and the controls that it serves, by framework.

mod load;
mod request;

use std::sync::LazyLock;

use crate::yaml::Problem;

pub use load::load;
pub use request::{OwnRecords, Request, RequestKind};

const TEXT: &str = include_str!("../../requests/aws.yaml");

/// Every embedded request, in the file's order.
///
/// # Errors
/// Where the embedded file has mistakes, which a test rules out.
pub fn embedded() -> Result<&'static [Request], &'static [Problem]> {
    static LOADED: LazyLock<Result<Vec<Request>, Vec<Problem>>> = LazyLock::new(|| load(TEXT));
    match &*LOADED {
        Ok(requests) => Ok(requests),
        Err(problems) => Err(problems),
    }
}
