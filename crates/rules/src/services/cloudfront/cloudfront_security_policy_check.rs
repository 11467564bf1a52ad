//! TLS 1.0 and 1.1 have known weaknesses, and no browser of this decade needs them.
//!
//! ## Result
//! - COMPLIANT: the oldest protocol for viewers is `TLSv1.2_2018` or newer.
//! - NON_COMPLIANT: it is older, or not set. With CloudFront's default certificate it is `TLSv1`.
//! - INSUFFICIENT_DATA: the distribution was not read.
//!
//! ## What to do
//! Set the newest security policy. It needs a certificate of one's own, served by SNI.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloudfront-security-policy-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloudfront-security-policy-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "CloudFront distributions ask viewers for TLS 1.2 or newer",
    resource_types: &[ResourceType::CloudFrontDistribution],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(MINIMUM)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const MINIMUM: Path =
    path("configuration.distributionConfig.viewerCertificate.minimumProtocolVersion");

fn check<'a>(distribution: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let minimum = distribution.text(MINIMUM)?;
    if minimum
        .and_then(tls_version)
        .is_none_or(|version| version < (1, 2))
    {
        let expected = "TLSv1.2_2018 or newer";
        return Ok(Evaluation::non_compliant(MINIMUM, minimum, expected));
    }
    Ok(Evaluation::compliant(MINIMUM, minimum))
}

/// The version in a policy's name, such as `TLSv1.2_2021`; none in `SSLv3`.
fn tls_version(policy: &str) -> Option<(i64, i64)> {
    let name = policy.strip_prefix("TLSv")?;
    let version = name.split_once('_').map_or(name, |(version, _)| version);
    let (major, minor) = version.split_once('.').unwrap_or((version, "0"));
    Some((
        Node::Text(major).as_integer()?,
        Node::Text(minor).as_integer()?,
    ))
}
