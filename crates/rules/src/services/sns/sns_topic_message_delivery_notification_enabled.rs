//! Without a delivery status nobody can tell a message that was lost from one that was never sent.
//!
//! ## Result
//! - COMPLIANT: the topic logs the delivery status for one kind of endpoint at least: it has a role
//!   for successes or failures. The page doesn't ask for every kind.
//! - NON_COMPLIANT: the topic has no such role.
//! - INSUFFICIENT_DATA: the topic was not read.
//!
//! ## What to do
//! For each kind of endpoint that subscribes, name a role that may write to CloudWatch Logs; failures
//! are worth more than successes, and cost less.
//!
//! ## Source
//! AWS Config developer guide, managed rule `sns-topic-message-delivery-notification-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "sns-topic-message-delivery-notification-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "SNS topics log whether messages were delivered",
    resource_types: &[ResourceType::SnsTopic],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[
        own(APPLICATION_FAILURE),
        own(APPLICATION_SUCCESS),
        own(FIREHOSE_FAILURE),
        own(FIREHOSE_SUCCESS),
        own(HTTP_FAILURE),
        own(HTTP_SUCCESS),
        own(LAMBDA_FAILURE),
        own(LAMBDA_SUCCESS),
        own(SQS_FAILURE),
        own(SQS_SUCCESS),
    ],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Automation("ASR-EnableDeliveryStatusLoggingForSNSTopic"),
    check,
};

const APPLICATION_FAILURE: Path = path("configuration.ApplicationFailureFeedbackRoleArn");
const APPLICATION_SUCCESS: Path = path("configuration.ApplicationSuccessFeedbackRoleArn");
const FIREHOSE_FAILURE: Path = path("configuration.FirehoseFailureFeedbackRoleArn");
const FIREHOSE_SUCCESS: Path = path("configuration.FirehoseSuccessFeedbackRoleArn");
const HTTP_FAILURE: Path = path("configuration.HTTPFailureFeedbackRoleArn");
const HTTP_SUCCESS: Path = path("configuration.HTTPSuccessFeedbackRoleArn");
const LAMBDA_FAILURE: Path = path("configuration.LambdaFailureFeedbackRoleArn");
const LAMBDA_SUCCESS: Path = path("configuration.LambdaSuccessFeedbackRoleArn");
const SQS_FAILURE: Path = path("configuration.SQSFailureFeedbackRoleArn");
const SQS_SUCCESS: Path = path("configuration.SQSSuccessFeedbackRoleArn");

const ROLES: [Path; 10] = [
    APPLICATION_FAILURE,
    APPLICATION_SUCCESS,
    FIREHOSE_FAILURE,
    FIREHOSE_SUCCESS,
    HTTP_FAILURE,
    HTTP_SUCCESS,
    LAMBDA_FAILURE,
    LAMBDA_SUCCESS,
    SQS_FAILURE,
    SQS_SUCCESS,
];

fn check<'a>(topic: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    for place in ROLES {
        let role = topic.text(place)?;
        if role.is_some_and(|role| !role.is_empty()) {
            return Ok(Evaluation::compliant(place, role));
        }
    }
    let expected = "a role that logs the delivery status, for this or another kind of endpoint";
    Ok(Evaluation::non_compliant(
        SQS_FAILURE,
        None::<&str>,
        expected,
    ))
}
