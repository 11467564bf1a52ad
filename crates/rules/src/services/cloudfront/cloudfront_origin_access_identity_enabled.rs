//! A bucket that only a distribution's identity may read can't be read around the distribution.
//!
//! ## Result
//! - COMPLIANT: every origin is a bucket with an origin access identity.
//! - NON_COMPLIANT: an origin is not a bucket, or is one without an identity. AWS says so itself:
//!   the rule spares no distribution whose origins are not buckets.
//! - INSUFFICIENT_DATA: the distribution was not read.
//!
//! AWS has replaced identities by origin access control, and withdrawn this rule's page: prefer
//! `cloudfront-s3-origin-access-control-enabled`, which asks for the newer of the two.
//!
//! ## What to do
//! Move to origin access control, and take the bucket's public access away.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloudfront-origin-access-identity-enabled`.

use crate::evaluation::Place;
use crate::predicates::origins;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloudfront-origin-access-identity-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "CloudFront distributions fetch from buckets only, by identity",
    resource_types: &[ResourceType::CloudFrontDistribution],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ORIGINS)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableCloudFrontOriginAccessIdentity"),
    check,
};

const ORIGINS: Path = path("configuration.distributionConfig.origins.items");
const IDENTITY: Path =
    path("configuration.distributionConfig.origins.items[*].s3OriginConfig.originAccessIdentity");

fn check<'a>(distribution: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let expected = "a bucket with an origin access identity";
    let found = distribution.list(ORIGINS)?;
    if found.is_empty() {
        return Ok(Evaluation::non_compliant(ORIGINS, "empty", expected));
    }
    for (index, origin) in found.iter().enumerate() {
        let identity = origin
            .get("s3OriginConfig")
            .and_then(|bucket| bucket.text("originAccessIdentity"));
        if origins::set(identity).is_none() {
            let place = Place::element(IDENTITY, index);
            return Ok(Evaluation::non_compliant(place, "not set", expected));
        }
    }
    Ok(Evaluation::compliant(ORIGINS, "buckets with identities"))
}
