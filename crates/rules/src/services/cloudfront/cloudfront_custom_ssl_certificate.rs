//! Only a certificate of one's own lets viewers use one's own name, and lets one choose TLS
//! versions.
//!
//! ## Result
//! - COMPLIANT: the distribution has a certificate from ACM or IAM.
//! - NON_COMPLIANT: the distribution has CloudFront's default certificate.
//! - NOT_APPLICABLE: the distribution is for several tenants, each with its own certificate.
//! - INSUFFICIENT_DATA: the distribution was not read.
//!
//! ## What to do
//! Have ACM in us-east-1 issue a certificate for the distribution's names, and set both.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloudfront-custom-ssl-certificate`.

use crate::predicates::origins;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloudfront-custom-ssl-certificate",
    identifier: Identifier::FromId,
    version: 1,
    title: "CloudFront distributions serve a certificate of their own",
    resource_types: &[ResourceType::CloudFrontDistribution],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(CONNECTION_MODE), own(FROM_ACM), own(FROM_IAM)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const CONNECTION_MODE: Path = path("configuration.distributionConfig.connectionMode");
const FROM_ACM: Path = path("configuration.distributionConfig.viewerCertificate.acmCertificateArn");
const FROM_IAM: Path = path("configuration.distributionConfig.viewerCertificate.iamCertificateId");

fn check<'a>(distribution: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let mode = distribution.text(CONNECTION_MODE)?;
    if mode == Some("tenant-only") {
        let because = "its tenants have their own certificates";
        return Ok(Evaluation::not_applicable(CONNECTION_MODE, mode, because));
    }
    for place in [FROM_ACM, FROM_IAM] {
        let certificate = origins::set(distribution.text(place)?);
        if certificate.is_some() {
            return Ok(Evaluation::compliant(place, certificate));
        }
    }
    let expected = "a certificate from ACM or IAM";
    Ok(Evaluation::non_compliant(FROM_ACM, "not set", expected))
}
