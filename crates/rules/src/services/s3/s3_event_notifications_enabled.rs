//! A notification for each change lets somebody react while it still matters.
//!
//! ## Result
//! - COMPLIANT: the bucket notifies a topic, a queue or a function; the one that `destinationArn`
//!   names, of all that `eventTypes` names, where they are given.
//! - NON_COMPLIANT: it notifies nobody, somebody else, or not of all of these events. Events that go
//!   to EventBridge don't count: the page knows topics, queues and functions only.
//! - INSUFFICIENT_DATA: the bucket's notifications were not read.
//!
//! ## What to do
//! Add a notification for the events that nobody expects, such as `s3:ObjectRemoved:*`.
//!
//! ## Source
//! AWS Config developer guide, managed rule `s3-event-notifications-enabled`.

use crate::predicates::patterns::covers;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "s3-event-notifications-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "S3 buckets notify somebody of events",
    resource_types: &[ResourceType::S3Bucket],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: DESTINATION,
            kind: Kind::Text,
            default: None,
        },
        Parameter {
            name: EVENTS,
            kind: Kind::List,
            default: None,
        },
    ],
    reads: &[own(NOTIFICATIONS)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Automation("ASR-EnableBucketEventNotifications"),
    check,
};

const NOTIFICATIONS: Path =
    path("supplementaryConfiguration.BucketNotificationConfiguration.configurations");

const DESTINATION: &str = "destinationArn";
const EVENTS: &str = "eventTypes";

fn check<'a>(bucket: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let found = bucket.node(NOTIFICATIONS)?;
    let mut notifications = Vec::new();
    for (_, notification) in found.map_or(&[][..], Node::members) {
        if let Some(destination) = destination(*notification) {
            notifications.push((destination, *notification));
        }
    }
    if let Some(wanted) = params.optional_text(DESTINATION) {
        notifications.retain(|(destination, _)| *destination == wanted);
    }
    if notifications.is_empty() {
        let expected = match params.optional_text(DESTINATION) {
            Some(wanted) => format!("a notification to {wanted}"),
            None => "a notification to a topic, a queue or a function".to_owned(),
        };
        return Ok(Evaluation::non_compliant(NOTIFICATIONS, found, expected));
    }
    for wanted in params.list(EVENTS) {
        let is_notified = |(_, notification): &(&str, Node<'_>)| {
            let mut events = notification
                .items("events")
                .iter()
                .filter_map(|event| event.as_text());
            events.any(|event| covers(event, wanted))
        };
        if !notifications.iter().any(is_notified) {
            let expected = format!("a notification of {wanted}");
            return Ok(Evaluation::non_compliant(NOTIFICATIONS, found, expected));
        }
    }
    Ok(Evaluation::compliant(NOTIFICATIONS, found))
}

/// AWS Config names the member for the kind of destination.
fn destination(notification: Node<'_>) -> Option<&str> {
    ["topicARN", "queueARN", "functionARN"]
        .into_iter()
        .find_map(|member| notification.text(member))
}
