//! Who made a call that changed something.
//!
//! Source: CloudTrail user guide, "CloudTrail record contents" and "CloudTrail userIdentity element".

use std::collections::BTreeSet;

use posture_model::Call;
use serde_json::Value;

use super::{is_change, text};

/// Values of one event that are taken, at most.
const NAMES: usize = 64;
/// No ARN is longer.
const LENGTH: usize = 2048;
/// How deep values are looked for.
const DEPTH: usize = 12;

/// The call that an event tells of, where it tells of one that may have changed something: an event of
/// EventBridge from CloudTrail, or a record of CloudTrail.
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
