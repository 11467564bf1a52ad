//! What is served by HTTP can be read and changed on its way.
//!
//! ## Result
//! - COMPLIANT: every behaviour asks for HTTPS or redirects to it.
//! - NON_COMPLIANT: a behaviour has `allow-all`, or the default behaviour has no policy.
//! - INSUFFICIENT_DATA: the distribution was not read.
//!
//! ## What to do
//! Set the viewer protocol policy of every behaviour to `redirect-to-https`, or to `https-only` for
//! APIs: a redirect comes too late for what was already sent.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloudfront-viewer-policy-https`.

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
const OTHERS: Path =
    path("configuration.distributionConfig.cacheBehaviors.items[*].viewerProtocolPolicy");

fn check<'a>(distribution: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let expected = "https-only or redirect-to-https";
    let policy = distribution.text(DEFAULT)?;
    if policy.is_none_or(|policy| policy == "allow-all") {
        return Ok(Evaluation::non_compliant(DEFAULT, policy, expected));
    }
    let policies = distribution.each(OTHERS)?;
    if policies.contains(&Node::Text("allow-all")) {
        return Ok(Evaluation::non_compliant(OTHERS, "allow-all", expected));
    }
    Ok(Evaluation::compliant(DEFAULT, policy))
}
