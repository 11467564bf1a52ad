//! EventBridge: the event to a bus.
//!
//! Source: API_PutEvents.html, API_PutEventsResultEntry.html. Sources that begin with `aws.` are AWS's:
//! `aws.securityhub` is sent as `posture.securityhub`.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::SendError;
use crate::grants::{Call, Grant, arn};
use crate::outlet::{Message, Outlet, region_of};

/// An EventBridge event bus.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EventBridge {
    /// Its ARN or name.
    #[serde(default = "default_bus")]
    bus: String,
}

fn default_bus() -> String {
    "default".to_owned()
}

/// What it calls.
const CALL: Call = ("events", "PutEvents");

impl EventBridge {
    pub(crate) fn grants(&self) -> Vec<Grant> {
        vec![Grant::of(CALL, [arn("events", "event-bus/", &self.bus)])]
    }

    pub(crate) async fn send(&self, outlet: &Outlet, message: &Message) -> Result<(), SendError> {
        let event = &message.event;
        let source = match event.source.strip_prefix("aws.") {
            Some(service) => format!("posture.{service}"),
            None => event.source.clone(),
        };
        let detail = match &message.input {
            Some(input) => input.clone(),
            None => Value::Object(event.detail.clone()).to_string(),
        };
        let input = json!({"Entries": [{
            "Source": source,
            "DetailType": event.detail_type,
            "Detail": detail,
            "Time": event.time.to_string(),
            "Resources": event.resources,
            "EventBusName": self.bus,
        }]});
        let region = region_of(&self.bus);
        let answer = outlet.call(region, CALL.0, CALL.1, &input).await?;
        put(&answer)
    }
}

/// PutEvents answers 200 to what it does not take, too.
fn put(answer: &Value) -> Result<(), SendError> {
    let entry = answer.pointer("/Entries/0").unwrap_or(&Value::Null);
    let text = |name| entry.get(name).and_then(Value::as_str).unwrap_or_default();
    let what = format!(
        "EventBridge: {} {}",
        text("ErrorCode"),
        text("ErrorMessage")
    );
    match text("ErrorCode") {
        "" if entry.get("EventId").is_some() => Ok(()),
        "" => Err(SendError::Failed("EventBridge answered nothing".to_owned())),
        "InternalFailure" | "InternalException" => Err(SendError::Failed(what)),
        "ThrottlingException" | "AccessDeniedException" | "NotAuthorizedForSourceException" => {
            Err(SendError::down(what))
        }
        _ => Err(SendError::Refused(what)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_may_fail_in_a_good_answer() {
        let entry = |entry: Value| put(&json!({"Entries": [entry]}));
        assert_eq!(entry(json!({"EventId": "e"})), Ok(()));
        let throttled = entry(json!({"ErrorCode": "ThrottlingException"}));
        assert!(matches!(throttled, Err(SendError::Down { .. })));
        let broken = entry(json!({"ErrorCode": "MalformedDetail"}));
        assert!(matches!(broken, Err(SendError::Refused(_))));
        assert!(put(&json!({})).is_err());
    }
}
