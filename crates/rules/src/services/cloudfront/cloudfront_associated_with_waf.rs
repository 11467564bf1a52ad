//! A web ACL turns away what is known to be bad at the edge, before it costs anything further in.
//!
//! ## Result
//! - COMPLIANT: the distribution has a web ACL; one that `wafWebAclIds` names, if it is given.
//! - NON_COMPLIANT: the distribution has no web ACL, or one that is not named.
//! - INSUFFICIENT_DATA: the distribution was not read.
//!
//! ## What to do
//! Associate a web ACL of scope CloudFront. Count first, block when the counts are right.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloudfront-associated-with-waf`.

use crate::predicates::lists;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloudfront-associated-with-waf",
    identifier: Identifier::FromId,
    version: 1,
    title: "CloudFront distributions are behind a web ACL",
    resource_types: &[ResourceType::CloudFrontDistribution],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: ALLOWED,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(WEB_ACL)],
    severity: Severity::Medium,
    category: Category::ProtectiveServices,
    remedy: Remedy::Steps,
    check,
};

const WEB_ACL: Path = path("configuration.distributionConfig.webACLId");

const ALLOWED: &str = "wafWebAclIds";

fn check<'a>(
    distribution: &ConfigurationItem<'a>,
    params: &Params,
    _: &Context<'a>,
) -> Verdict<'a> {
    let web_acl = distribution
        .text(WEB_ACL)?
        .filter(|web_acl| !web_acl.is_empty());
    if let Some(expected) = lists::unmet(web_acl.as_slice(), params.list(ALLOWED), "a web ACL") {
        return Ok(Evaluation::non_compliant(WEB_ACL, web_acl, expected));
    }
    Ok(Evaluation::compliant(WEB_ACL, web_acl))
}
