//! A web ACL turns away what is known to be bad before it reaches the targets of a load balancer.
//!
//! ## Result
//! - COMPLIANT: the load balancer has a web ACL; one that `wafWebAclIds` names, if it is given.
//! - NON_COMPLIANT: the load balancer has no web ACL, or one that is not named.
//! - NOT_APPLICABLE: the load balancer is a network or a gateway load balancer.
//! - INSUFFICIENT_DATA: the load balancer's type or its association was not read.
//!
//! Web ACLs of WAF Classic don't count: AWS ended it on 30 September 2025.
//!
//! ## What to do
//! Associate a web ACL with the load balancer. Count first, block when the counts are right.
//!
//! ## Source
//! AWS Config developer guide, managed rule `alb-waf-enabled`.

use crate::predicates::lists;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "alb-waf-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Application load balancers are behind a web ACL",
    resource_types: &[ResourceType::ElasticLoadBalancingV2LoadBalancer],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: ALLOWED,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(TYPE), own(WEB_ACL)],
    severity: Severity::Medium,
    category: Category::ProtectiveServices,
    remedy: Remedy::Steps,
    check,
};

const TYPE: Path = path("configuration.type");
const WEB_ACL: Path = path("supplementaryConfiguration.GetWebACLForResource.WebACL.ARN");

const ALLOWED: &str = "wafWebAclIds";

fn check<'a>(balancer: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let kind = balancer.text(TYPE)?;
    if kind.is_some_and(|kind| kind != "application") {
        let because = "only application load balancers are judged";
        return Ok(Evaluation::not_applicable(TYPE, kind, because));
    }
    let web_acl = balancer.text(WEB_ACL)?;
    if let Some(expected) = lists::unmet(web_acl.as_slice(), params.list(ALLOWED), "a web ACL") {
        return Ok(Evaluation::non_compliant(WEB_ACL, web_acl, expected));
    }
    Ok(Evaluation::compliant(WEB_ACL, web_acl))
}
