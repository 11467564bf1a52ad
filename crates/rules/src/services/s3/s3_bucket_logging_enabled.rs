//! Server access logs say who asked a bucket for what, anonymous requests included.
//!
//! ## Result
//! - COMPLIANT: the bucket delivers server access logs; to the bucket and with the prefix that
//!   `targetBucket` and `targetPrefix` name, where they do.
//! - NON_COMPLIANT: it delivers none, or elsewhere.
//! - INSUFFICIENT_DATA: the bucket's logging was not read.
//!
//! ## What to do
//! Deliver the logs to a bucket of the same Region that is kept for logs. That bucket fails the rule
//! itself: a bucket that logs into itself never comes to rest.
//!
//! ## Source
//! AWS Config developer guide, managed rule `s3-bucket-logging-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "s3-bucket-logging-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "S3 buckets deliver server access logs",
    resource_types: &[ResourceType::S3Bucket],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: TARGET_BUCKET,
            kind: Kind::Text,
            default: None,
        },
        Parameter {
            name: TARGET_PREFIX,
            kind: Kind::Text,
            default: None,
        },
    ],
    reads: &[own(DESTINATION), own(PREFIX)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Automation("AWS-ConfigureS3BucketLogging"),
    check,
};

const DESTINATION: Path =
    path("supplementaryConfiguration.BucketLoggingConfiguration.destinationBucketName");
const PREFIX: Path = path("supplementaryConfiguration.BucketLoggingConfiguration.logFilePrefix");

const TARGET_BUCKET: &str = "targetBucket";
const TARGET_PREFIX: &str = "targetPrefix";

fn check<'a>(bucket: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let destination = bucket.text(DESTINATION)?;
    if destination.is_none_or(str::is_empty) {
        let expected = "a bucket for the logs";
        return Ok(Evaluation::non_compliant(
            DESTINATION,
            destination,
            expected,
        ));
    }
    if let Some(wanted) = params.optional_text(TARGET_BUCKET)
        && destination != Some(wanted)
    {
        let wanted = wanted.to_owned();
        return Ok(Evaluation::non_compliant(DESTINATION, destination, wanted));
    }
    if let Some(wanted) = params.optional_text(TARGET_PREFIX) {
        let prefix = bucket.text(PREFIX)?;
        if prefix != Some(wanted) {
            return Ok(Evaluation::non_compliant(PREFIX, prefix, wanted.to_owned()));
        }
    }
    Ok(Evaluation::compliant(DESTINATION, destination))
}
