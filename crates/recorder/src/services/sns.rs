//! SNS' topics.
//!
//! Shapes: AWS Config's item of `AWS::SNS::Topic`.

use crate::declare::Describe;
use crate::declare::prelude::*;
use crate::shape::remove;

pub(crate) static SERVICE: Service = Service {
    model: "sns",
    scope: Scope::Regional,
    // A quarter of the 30 calls a second of `ListTopics`.
    // <https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html>
    calls_per_second: 7.5,
    collectors: &[TOPIC],
    account: &[],
};

const TOPIC: Collector = Collector {
    describe: Some(Describe {
        call: call("GetTopicAttributes").absent_on(&["NotFound"]),
        member: "TopicArn",
        id: "TopicArn",
        size: 0,
        entries: "Attributes",
    }),
    arn: Some("TopicArn"),
    shape: Some(topic),
    tags: Tags::Bulk("sns"),
    ..Collector::of(
        ResourceType::SnsTopic,
        call("ListTopics"),
        "Topics[]",
        "TopicArn",
    )
};

/// How many have subscribed is no configuration of the topic.
fn topic(configuration: &mut Value, _: &Value) {
    remove(
        configuration,
        &[
            "SubscriptionsConfirmed",
            "SubscriptionsDeleted",
            "SubscriptionsPending",
        ],
    );
}
