//! A stack that tells nobody what it does can change or vanish unseen.
//!
//! ## Result
//! - COMPLIANT: the stack sends its events to an SNS topic; to one of `snsTopic1` to `snsTopic5`,
//!   where any is given.
//! - NON_COMPLIANT: the stack has no notification topic, or none of those.
//! - INSUFFICIENT_DATA: the stack was not read.
//!
//! ## What to do
//! Update the stack with a notification ARN; the template can stay as it is.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloudformation-stack-notification-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloudformation-stack-notification-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "CloudFormation stacks send their events to an SNS topic",
    resource_types: &[ResourceType::CloudFormationStack],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[
        topic("snsTopic1"),
        topic("snsTopic2"),
        topic("snsTopic3"),
        topic("snsTopic4"),
        topic("snsTopic5"),
    ],
    reads: &[own(TOPICS)],
    severity: Severity::Medium,
    category: Category::DetectionServices,
    remedy: Remedy::Automation("ASR-ConfigureSNSTopicForStack"),
    check,
};

const TOPICS: Path = path("configuration.notificationARNs");

const NAMES: [&str; 5] = [
    "snsTopic1",
    "snsTopic2",
    "snsTopic3",
    "snsTopic4",
    "snsTopic5",
];

const fn topic(name: &'static str) -> Parameter {
    Parameter {
        name,
        kind: Kind::Text,
        default: None,
    }
}

fn check<'a>(stack: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let found = stack.node(TOPICS)?;
    let topics = stack.list(TOPICS)?;
    if topics.is_empty() {
        return Ok(Evaluation::non_compliant(TOPICS, found, "an SNS topic"));
    }
    let wanted: Vec<&str> = NAMES
        .iter()
        .filter_map(|name| params.optional_text(name))
        .collect();
    let is_wanted = |topic: &Node<'_>| topic.as_text().is_some_and(|arn| wanted.contains(&arn));
    if !wanted.is_empty() && !topics.iter().any(is_wanted) {
        return Ok(Evaluation::non_compliant(
            TOPICS,
            found,
            wanted.join(" or "),
        ));
    }
    Ok(Evaluation::compliant(TOPICS, found))
}
