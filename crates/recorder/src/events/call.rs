//! Who made a call that changed something.
//!
//! Source: CloudTrail user guide, "CloudTrail record contents" and "CloudTrail userIdentity element".

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;

use super::{EventError, is_change, opened, text};

/// A call that succeeded and may have changed something.
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
    /// Who: the ARN, or the service that made it.
    pub principal: String,
    /// When it was made.
    pub happened_at: Timestamp,
    /// Values that it was made with and answered with, at most 64, each of at most 2048 bytes.
    pub names: BTreeSet<String>,
}

const NAMES: usize = 64;
/// No ARN is longer.
const LENGTH: usize = 2048;
/// How deep values are looked for.
const DEPTH: usize = 12;

/// The call that a message tells of, where it tells of one that may have changed something: an event
/// of EventBridge from CloudTrail, or a record of CloudTrail.
///
/// # Errors
/// Where it is no event.
pub fn call(message: &str) -> Result<Option<Call>, EventError> {
    Ok(call_of(&opened(message)?))
}

/// The same of an event that has been read.
pub fn call_of(event: &Value) -> Option<Call> {
    let record = event.get("detail").unwrap_or(event);
    let member = |name| text(record, name).map(str::to_owned);
    if !is_change(record) {
        return None;
    }
    let identity = record.get("userIdentity")?;
    let principal = ["arn", "invokedBy", "principalId", "type"]
        .into_iter()
        .find_map(|name| text(identity, name))?;
    Some(Call {
        event_id: member("eventID")?,
        account_id: member("recipientAccountId")
            .or_else(|| text(event, "account").map(str::to_owned))?,
        aws_region: member("awsRegion")?,
        event_source: member("eventSource")?,
        event_name: member("eventName")?,
        principal: principal.to_owned(),
        happened_at: text(record, "eventTime")?.parse().ok()?,
        names: names(record),
    })
}

/// Values that a record of CloudTrail, or the detail of another event, gives of what it is about.
pub(super) fn names(detail: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let told = ["resources", "requestParameters", "responseElements"];
    let told: Vec<&Value> = told.iter().filter_map(|name| detail.get(name)).collect();
    if told.is_empty() && detail.get("eventSource").is_none() {
        collect(detail, DEPTH, &mut names);
    }
    for value in told {
        collect(value, DEPTH, &mut names);
    }
    names
}

fn collect(value: &Value, depth: usize, names: &mut BTreeSet<String>) {
    if depth == 0 || names.len() >= NAMES {
        return;
    }
    match value {
        Value::String(name) if !name.is_empty() && name.len() <= LENGTH => {
            names.insert(name.clone());
        }
        Value::Array(values) => {
            for value in values {
                collect(value, depth - 1, names);
            }
        }
        Value::Object(members) => {
            for value in members.values() {
                collect(value, depth - 1, names);
            }
        }
        _ => {}
    }
}
