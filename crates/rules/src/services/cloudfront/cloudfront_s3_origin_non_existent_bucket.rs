//! Whoever makes a bucket of a name that a distribution still asks serves its pages.
//!
//! ## Result
//! - COMPLIANT: every bucket among the origins exists, whoever's it is.
//! - NON_COMPLIANT: one does not exist: S3 knows no bucket of its name.
//! - NOT_APPLICABLE: no origin is a bucket. A bucket's website is none: CloudFront asks it as it asks
//!   any server.
//! - INSUFFICIENT_DATA: the distribution was not read, or S3 did not say of every bucket whether it
//!   exists; AWS Config does not record it.
//!
//! ## What to do
//! Take the origin out of the distribution, or make the bucket again, in your account, before
//! somebody else does.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloudfront-s3-origin-non-existent-bucket`.

use crate::evaluation::Place;
use crate::predicates::origins;
use crate::predicates::unread::{malformed, not_collected, text};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloudfront-s3-origin-non-existent-bucket",
    identifier: Identifier::FromId,
    version: 1,
    title: "CloudFront distributions ask only buckets that exist",
    resource_types: &[ResourceType::CloudFrontDistribution],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(origins::ALL), own(LOCATIONS)],
    severity: Severity::High,
    category: Category::ResourceConfiguration,
    remedy: Remedy::Automation("ASR-SetCloudFrontOriginDomain"),
    check,
};

const NAME: Path = path("configuration.distributionConfig.origins.items[*].domainName");
/// The replies for the buckets, each under its origin's domain name; null where there is no such
/// bucket.
const LOCATIONS: Path = path("supplementaryConfiguration.GetBucketLocation");

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
    let locations = distribution.node(LOCATIONS)?;
    let mut is_unknown = false;
    for (index, origin) in found.iter().enumerate() {
        if !origins::is_bucket(*origin) {
            continue;
        }
        let name = text(origins::ALL, *origin, "domainName")?;
        match name.and_then(|name| locations?.get(name)) {
            Some(Node::Null) => {
                let place = Place::element(NAME, index);
                return Ok(Evaluation::non_compliant(
                    place,
                    name,
                    "a bucket that exists",
                ));
            }
            Some(Node::Object(_)) => {}
            Some(other) => return Err(malformed(LOCATIONS, other.kind(), "replies by origin")),
            None => is_unknown = true,
        }
    }
    if is_unknown {
        return Err(not_collected(LOCATIONS));
    }
    Ok(Evaluation::compliant(origins::ALL, "buckets that exist"))
}
