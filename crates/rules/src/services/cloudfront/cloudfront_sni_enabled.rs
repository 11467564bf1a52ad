//! Dedicated addresses for a certificate cost a great deal, and serve only viewers older than 2010.
//!
//! ## Result
//! - COMPLIANT: the distribution has a certificate of its own and serves it by SNI.
//! - NON_COMPLIANT: it serves its certificate from dedicated addresses.
//! - NOT_APPLICABLE: it has no certificate of its own; CloudFront's default one is always by SNI.
//! - INSUFFICIENT_DATA: the distribution was not read.
//!
//! ## What to do
//! Set the support method to `sni-only`, and look in the logs first whether somebody still needs
//! the other one.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloudfront-sni-enabled`.

use crate::predicates::origins;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloudfront-sni-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "CloudFront distributions serve their certificates by SNI",
    resource_types: &[ResourceType::CloudFrontDistribution],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(FROM_ACM), own(FROM_IAM), own(METHOD)],
    severity: Severity::Low,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const FROM_ACM: Path = path("configuration.distributionConfig.viewerCertificate.acmCertificateArn");
const FROM_IAM: Path = path("configuration.distributionConfig.viewerCertificate.iamCertificateId");
const METHOD: Path = path("configuration.distributionConfig.viewerCertificate.sslSupportMethod");

fn check<'a>(distribution: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let from_acm = origins::set(distribution.text(FROM_ACM)?);
    let from_iam = origins::set(distribution.text(FROM_IAM)?);
    if from_acm.or(from_iam).is_none() {
        let because = "it has no certificate of its own";
        return Ok(Evaluation::not_applicable(FROM_ACM, "not set", because));
    }
    let method = distribution.text(METHOD)?;
    if method != Some("sni-only") {
        return Ok(Evaluation::non_compliant(METHOD, method, "sni-only"));
    }
    Ok(Evaluation::compliant(METHOD, method))
}
