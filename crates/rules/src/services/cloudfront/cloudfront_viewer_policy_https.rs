//! What is served by HTTP can be read and changed on its way.
//!
//! ## Result
//! - COMPLIANT: every behaviour asks for HTTPS or redirects to it.
//! - NON_COMPLIANT: a behaviour has `allow-all` or no policy.
//! - INSUFFICIENT_DATA: the distribution was not read.
//!
//! ## What to do
//! Set the viewer protocol policy of every behaviour to `redirect-to-https`, or to `https-only` for
//! APIs: a redirect comes too late for what was already sent.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloudfront-viewer-policy-https`.

use crate::evaluation::Place;
use crate::predicates::origins;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloudfront-viewer-policy-https",
    identifier: Identifier::FromId,
    version: 1,
    title: "CloudFront distributions serve viewers by HTTPS only",
    resource_types: &[ResourceType::CloudFrontDistribution],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(DEFAULT), own(OTHERS)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableCloudFrontViewerPolicyHTTPS"),
    check,
};

const DEFAULT: Path =
    path("configuration.distributionConfig.defaultCacheBehavior.viewerProtocolPolicy");
const OTHERS: Path = path("configuration.distributionConfig.cacheBehaviors.items");
const OTHERS_POLICY: Path =
    path("configuration.distributionConfig.cacheBehaviors.items[*].viewerProtocolPolicy");

fn check<'a>(distribution: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let expected = "https-only or redirect-to-https";
    let policy = distribution.text(DEFAULT)?;
    if !origins::asks_for_https(policy) {
        return Ok(Evaluation::non_compliant(DEFAULT, policy, expected));
    }
    for (index, behaviour) in distribution.list(OTHERS)?.iter().enumerate() {
        let policy = behaviour.text("viewerProtocolPolicy");
        if !origins::asks_for_https(policy) {
            let place = Place::element(OTHERS_POLICY, index);
            return Ok(Evaluation::non_compliant(place, policy, expected));
        }
    }
    Ok(Evaluation::compliant(DEFAULT, policy))
}
