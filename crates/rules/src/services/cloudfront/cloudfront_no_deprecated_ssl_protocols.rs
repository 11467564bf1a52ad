//! SSL 3 has been broken for all to see since 2014.
//!
//! ## Result
//! - COMPLIANT: no custom origin may be reached by `SSLv3`; there may be no custom origin at all.
//! - NON_COMPLIANT: the protocols for an origin hold `SSLv3`.
//! - INSUFFICIENT_DATA: the distribution was not read.
//!
//! ## What to do
//! Leave `TLSv1.2` as the only protocol for the origin, and see that the origin speaks it.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloudfront-no-deprecated-ssl-protocols`.

use crate::predicates::unread::malformed;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloudfront-no-deprecated-ssl-protocols",
    identifier: Identifier::FromId,
    version: 1,
    title: "CloudFront distributions talk to no origin in SSL 3",
    resource_types: &[ResourceType::CloudFrontDistribution],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(PROTOCOLS)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const PROTOCOLS: Path = path(
    "configuration.distributionConfig.origins.items[*].customOriginConfig.originSslProtocols.items[*]",
);

fn check<'a>(distribution: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    for protocol in distribution.each(PROTOCOLS)? {
        match protocol {
            Node::Text("SSLv3") => {
                return Ok(Evaluation::non_compliant(PROTOCOLS, protocol, "TLS"));
            }
            Node::Text(_) => {}
            other => return Err(malformed(PROTOCOLS, other.kind(), "names of protocols")),
        }
    }
    Ok(Evaluation::compliant(PROTOCOLS, "without SSLv3"))
}
