//! EventBridge's event buses.
//!
//! Shapes: AWS Config's schema of `AWS::Events::EventBus`, which is CloudFormation's.

use crate::declare::prelude::*;
use crate::shape::{add, pick};
use crate::text::value;

pub(crate) static SERVICE: Service = Service {
    model: "events",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[EVENT_BUS],
    account: &[],
};

const EVENT_BUS: Collector = Collector {
    name: Some("Name"),
    arn: Some("Arn"),
    created: Some("CreationTime"),
    shape: Some(event_bus),
    tags: Tags::Bulk("events:event-bus"),
    ..Collector::of(
        ResourceType::EventsEventBus,
        call("ListEventBuses").with(&[("Limit", Param::Json("100"))]),
        "EventBuses[]",
        "Name",
    )
};

/// CloudFormation has the policy as an object; what is no JSON stays the text that it is.
fn event_bus(configuration: &mut Value, entry: &Value) {
    *configuration = pick(entry, &[("Arn", "Arn"), ("Name", "Name")]);
    let text = value("Policy", entry);
    let read = text.and_then(Value::as_str);
    let read = read.and_then(|text| serde_json::from_str(text).ok());
    add(configuration, "Policy", read.or_else(|| text.cloned()));
}
