//! An access log says who asked for what and when; an edge keeps nothing else.
//!
//! ## Result
//! - COMPLIANT: standard logging (legacy) is on; to the bucket that `S3BucketName` names, if given.
//! - NON_COMPLIANT: it is off, or the logs go to another bucket. Standard logging (v2) doesn't
//!   count, as AWS says.
//! - INSUFFICIENT_DATA: the distribution was not read.
//!
//! ## What to do
//! Turn standard logging on. The bucket needs ACLs, and can't be in a Region that is off by
//! default.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloudfront-accesslogs-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloudfront-accesslogs-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "CloudFront distributions write access logs to a bucket",
    resource_types: &[ResourceType::CloudFrontDistribution],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: S3_BUCKET_NAME,
        kind: Kind::Text,
        default: None,
    }],
    reads: &[own(ENABLED), own(BUCKET)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableCloudFrontAccessLogs"),
    check,
};

const ENABLED: Path = path("configuration.distributionConfig.logging.enabled");
const BUCKET: Path = path("configuration.distributionConfig.logging.bucket");

const S3_BUCKET_NAME: &str = "S3BucketName";

fn check<'a>(
    distribution: &ConfigurationItem<'a>,
    params: &Params,
    _: &Context<'a>,
) -> Verdict<'a> {
    let enabled = distribution.boolean(ENABLED)?;
    if enabled != Some(true) {
        return Ok(Evaluation::non_compliant(ENABLED, enabled, true));
    }
    if let Some(wanted) = params.optional_text(S3_BUCKET_NAME) {
        let bucket = distribution.text(BUCKET)?;
        if !bucket.is_some_and(|host| is_bucket(wanted, host)) {
            return Ok(Evaluation::non_compliant(BUCKET, bucket, wanted.to_owned()));
        }
    }
    Ok(Evaluation::compliant(ENABLED, enabled))
}

/// CloudFront names a bucket by its host, `name.s3.amazonaws.com`.
fn is_bucket(name: &str, host: &str) -> bool {
    host.strip_prefix(name)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(".s3"))
}
