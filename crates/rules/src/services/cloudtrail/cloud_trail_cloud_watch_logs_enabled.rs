//! A trail in CloudWatch Logs can raise an alarm within minutes; a trail in a bucket waits to be
//! read.
//!
//! ## Result
//! - COMPLIANT: the trail names a log group; and delivered to it within `expectedDeliveryWindowAge`
//!   hours, where that is given.
//! - NON_COMPLIANT: it names none, or its last delivery is older, or it never delivered.
//! - INSUFFICIENT_DATA: the trail's log group or its last delivery was not read.
//!
//! ## What to do
//! Create a log group and a role that CloudTrail may assume, name both in the trail, and see in the
//! trail's status that deliveries arrive.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloud-trail-cloud-watch-logs-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloud-trail-cloud-watch-logs-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "CloudTrail trails deliver to CloudWatch Logs",
    resource_types: &[ResourceType::CloudTrailTrail],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: WINDOW,
        kind: Kind::Integer,
        default: None,
    }],
    reads: &[own(LOG_GROUP), own(LAST_DELIVERY)],
    severity: Severity::Low,
    category: Category::Logging,
    remedy: Remedy::Automation("ASR-EnableCloudTrailToCloudWatchLogging"),
    check,
};

const LOG_GROUP: Path = path("configuration.cloudWatchLogsLogGroupArn");
const LAST_DELIVERY: Path =
    path("supplementaryConfiguration.GetTrailStatus.LatestCloudWatchLogsDeliveryTime");

const WINDOW: &str = "expectedDeliveryWindowAge";

fn check<'a>(trail: &ConfigurationItem<'a>, params: &Params, context: &Context<'a>) -> Verdict<'a> {
    let group = trail.text(LOG_GROUP)?;
    if group.is_none_or(str::is_empty) {
        return Ok(Evaluation::non_compliant(LOG_GROUP, group, "a log group"));
    }
    if let Some(hours) = params.optional_integer(WINDOW) {
        let delivered = trail.time(LAST_DELIVERY)?;
        let age = delivered.map(|time| context.now.as_second() - time.as_second());
        if age.is_none_or(|seconds| seconds > hours.saturating_mul(3_600)) {
            return Ok(Evaluation::non_compliant(
                LAST_DELIVERY,
                delivered.map(|time| time.to_string()),
                format!("a time within the last {hours} hours"),
            ));
        }
    }
    Ok(Evaluation::compliant(LOG_GROUP, group))
}
