//! Between an edge and its origin lies the same internet as before it.
//!
//! ## Result
//! - COMPLIANT: every custom origin is reached by HTTPS only, or as the viewer comes where no
//!   behaviour lets viewers come by HTTP; there may be no custom origin at all.
//! - NON_COMPLIANT: a custom origin is reached by HTTP, or as the viewer comes and a behaviour has
//!   `allow-all`. Any behaviour counts, not only those that lead to the origin.
//! - INSUFFICIENT_DATA: the distribution was not read.
//!
//! ## What to do
//! Set the origin's protocol policy to `https-only`, and give the origin a certificate that
//! CloudFront trusts.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloudfront-traffic-to-origin-encrypted`.

use crate::evaluation::Place;
use crate::predicates::origins;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloudfront-traffic-to-origin-encrypted",
    identifier: Identifier::FromId,
    version: 1,
    title: "CloudFront distributions reach custom origins by HTTPS",
    resource_types: &[ResourceType::CloudFrontDistribution],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(origins::ALL), own(DEFAULT_VIEWERS), own(BEHAVIOURS)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const POLICY: Path = path(
    "configuration.distributionConfig.origins.items[*].customOriginConfig.originProtocolPolicy",
);
const DEFAULT_VIEWERS: Path =
    path("configuration.distributionConfig.defaultCacheBehavior.viewerProtocolPolicy");
const BEHAVIOURS: Path = path("configuration.distributionConfig.cacheBehaviors.items");

fn check<'a>(distribution: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let behaviours = distribution.list(BEHAVIOURS)?.iter();
    let viewers_may_use_http = !origins::asks_for_https(distribution.text(DEFAULT_VIEWERS)?)
        || !behaviours
            .map(|behaviour| behaviour.text("viewerProtocolPolicy"))
            .all(origins::asks_for_https);
    for (index, origin) in origins::all(distribution)?.iter().enumerate() {
        if !origins::is_custom(*origin) {
            continue;
        }
        let policy = origin
            .get("customOriginConfig")
            .and_then(|config| config.text("originProtocolPolicy"));
        let is_encrypted = match policy {
            Some("https-only") => true,
            Some("match-viewer") => !viewers_may_use_http,
            _ => false,
        };
        if !is_encrypted {
            let place = Place::element(POLICY, index);
            return Ok(Evaluation::non_compliant(place, policy, "https-only"));
        }
    }
    Ok(Evaluation::compliant(origins::ALL, "reached by HTTPS"))
}
