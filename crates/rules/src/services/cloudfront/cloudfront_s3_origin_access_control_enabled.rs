//! A bucket that only answers a distribution's signed requests can't be read around the
//! distribution.
//!
//! ## Result
//! - COMPLIANT: every bucket among the origins has origin access control.
//! - NON_COMPLIANT: one has none, even if it has the older origin access identity.
//! - NOT_APPLICABLE: no origin is a bucket.
//! - INSUFFICIENT_DATA: the distribution was not read.
//!
//! ## What to do
//! Give the origin an access control that always signs, let the bucket's policy allow the
//! distribution, and take the bucket's public access away.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloudfront-s3-origin-access-control-enabled`.

use crate::evaluation::Place;
use crate::predicates::origins;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloudfront-s3-origin-access-control-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "CloudFront distributions sign what they ask of buckets",
    resource_types: &[ResourceType::CloudFrontDistribution],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(origins::ALL)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const CONTROL: Path =
    path("configuration.distributionConfig.origins.items[*].originAccessControlId");

fn check<'a>(distribution: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let found = origins::all(distribution)?;
    if !found.iter().any(|origin| origins::is_bucket(*origin)) {
        let because = "no origin is a bucket";
        return Ok(Evaluation::not_applicable(
            origins::ALL,
            "without buckets",
            because,
        ));
    }
    for (index, origin) in found.iter().enumerate() {
        let is_controlled = origins::set(origin.text("originAccessControlId")).is_some();
        if origins::is_bucket(*origin) && !is_controlled {
            let place = Place::element(CONTROL, index);
            let expected = "an origin access control";
            return Ok(Evaluation::non_compliant(place, "not set", expected));
        }
    }
    Ok(Evaluation::compliant(
        origins::ALL,
        "buckets with access control",
    ))
}
