//! What an event says may have changed.
//!
//! Events are hints: what they tell of is read again from AWS, and only that counts. One too many
//! costs calls; one that is missing waits for the next sweep.

mod call;
mod touched;

use std::collections::BTreeSet;

use posture_model::{Call, ResourceType};
use serde_json::Value;

pub use call::call_of;

/// Where something may have changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The account; none where the event names none.
    pub account_id: Option<String>,
    /// The Region in which it happened.
    pub aws_region: String,
    /// The types to read again, `AWS::::Account` among them where it may be the account itself.
    pub types: BTreeSet<ResourceType>,
    /// Values that the event gives, ids and names and ARNs among them; at most 64.
    pub names: BTreeSet<String>,
    /// The call that did it, where the event says who made it.
    pub call: Option<Call>,
}

/// Why a message tells of nothing.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum EventError {
    /// It is no JSON.
    #[error("it is no JSON: {0}")]
    Syntax(String),
    /// It is JSON, and neither an event, a record nor a notification.
    #[error(
        "it has neither EventBridge's source and detail, nor CloudTrail's eventSource and eventName, nor AWS Config's configurationItem"
    )]
    NoEvent,
}

/// Reads an event of EventBridge, a record of CloudTrail, or a notification of AWS Config's, bare or in the envelope of SNS.
/// None where it says that nothing changed: a call that only reads, one that failed, or one of a
/// service that is not recorded.
///
/// Sources: EventBridge user guide, "Events structure" and "AWS service events delivered via
/// CloudTrail"; AWS Config developer guide, "Notifications that AWS Config sends".
///
/// # Errors
/// Where it is no such thing.
pub fn hint(message: &str) -> Result<Option<Hint>, EventError> {
    let parsed = |text: &str| -> Result<Value, EventError> {
        serde_json::from_str(text).map_err(|error| EventError::Syntax(error.to_string()))
    };
    let event = parsed(message)?;
    // In the envelope of SNS, the message is a text that holds JSON.
    match (text(&event, "Type"), text(&event, "Message")) {
        (Some("Notification"), Some(inner)) => hint_of(&parsed(inner)?),
        _ => hint_of(&event),
    }
}

fn hint_of(event: &Value) -> Result<Option<Hint>, EventError> {
    if let Some(item) = item(event) {
        return Ok(of_item(item));
    }
    // A record of CloudTrail is its own detail.
    let is_record = text(event, "eventSource").is_some() && text(event, "eventName").is_some();
    let source = text(event, "source").unwrap_or_default();
    let detail = match event.get("detail") {
        Some(detail) if !source.is_empty() => detail,
        _ if is_record => event,
        _ => return Err(EventError::NoEvent),
    };
    if let Some(item) = item(detail) {
        return Ok(of_item(item));
    }
    let (service, what) = if let Some(event_source) = text(detail, "eventSource") {
        let Some(name) = text(detail, "eventName").filter(|_| is_change(detail)) else {
            return Ok(None);
        };
        let service = event_source.split('.').next().unwrap_or_default();
        (service, name.to_owned())
    } else {
        let service = source.strip_prefix("aws.").unwrap_or_default();
        let what = text(event, "detail-type").unwrap_or_default();
        (service, what.replace(' ', ""))
    };
    let types = match text(detail, "resourceType").and_then(ResourceType::from_name) {
        Some(resource_type) => BTreeSet::from([resource_type]),
        None => touched::types(service, &what),
    };
    let account_id = text(detail, "recipientAccountId").or_else(|| text(event, "account"));
    let aws_region = text(detail, "awsRegion").or_else(|| text(event, "region"));
    if types.is_empty() {
        return Ok(None);
    }
    let call = call_of(event);
    Ok(Some(Hint {
        account_id: account_id.map(str::to_owned),
        aws_region: aws_region.unwrap_or_default().to_owned(),
        types,
        names: match &call {
            Some(call) => call.names.clone(),
            None => call::names(detail),
        },
        call,
    }))
}

/// Whether a call that CloudTrail tells of succeeded and may have changed something.
fn is_change(detail: &Value) -> bool {
    let is_reading = detail
        .get("readOnly")
        .and_then(Value::as_bool)
        .unwrap_or_else(|| {
            let name = text(detail, "eventName").unwrap_or_default();
            ["Get", "List", "Describe", "Head"]
                .iter()
                .any(|verb| name.starts_with(verb))
        });
    !is_reading && text(detail, "errorCode").is_none()
}

/// The item of a notification, or the summary of one that was too large to be sent.
fn item(notification: &Value) -> Option<&Value> {
    let item = notification.get("configurationItem");
    item.filter(|item| item.is_object())
        .or_else(|| notification.get("configurationItemSummary"))
}

fn of_item(item: &Value) -> Option<Hint> {
    let account_id = text(item, "awsAccountId").or_else(|| text(item, "accountId"));
    let resource_type = ResourceType::from_name(text(item, "resourceType")?)?;
    Some(Hint {
        account_id: account_id.map(str::to_owned),
        aws_region: text(item, "awsRegion").unwrap_or_default().to_owned(),
        types: BTreeSet::from([resource_type]),
        names: call::names(&serde_json::json!({
            "resources": [item.get("resourceId"), item.get("resourceName"), item.get("ARN"), item.get("arn")]
        })),
        call: None,
    })
}

fn text<'v>(of: &'v Value, name: &str) -> Option<&'v str> {
    of.get(name)?.as_str()
}
