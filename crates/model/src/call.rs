//! A call to AWS that changed something.

use std::collections::BTreeSet;

use jiff::Timestamp;

/// A call that succeeded and may have changed something, as CloudTrail tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// CloudTrail's id of the event.
    pub event_id: String,
    /// The account's 12 digits.
    pub account_id: String,
    /// The Region in which it was made.
    pub aws_region: String,
    /// The service, such as `s3.amazonaws.com`.
    pub event_source: String,
    /// The operation.
    pub event_name: String,
    /// Who: an ARN, or the service that made it.
    pub principal: String,
    /// When it was made.
    pub happened_at: Timestamp,
    /// Values that it was made with and answered with, ids and names and ARNs among them.
    pub names: BTreeSet<String>,
}
