//! A header that is not valid HTTP may mean one thing to the load balancer and another to what
//! stands behind it, which is how requests are smuggled past it.
//!
//! ## Result
//! - COMPLIANT: the attribute `routing.http.drop_invalid_header_fields.enabled` is `true`.
//! - NON_COMPLIANT: it is `false` or not set, which means the same.
//! - NOT_APPLICABLE: the load balancer is no application load balancer.
//! - INSUFFICIENT_DATA: the load balancer's type or attributes were not read.
//!
//! ## What to do
//! Let the load balancer drop invalid header fields; it takes effect at once. Clients that send
//! names with other characters than letters, digits and hyphens lose those headers.
//!
//! ## Source
//! AWS Config developer guide, managed rule `alb-http-drop-invalid-header-enabled`.

use crate::predicates::load_balancers;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "alb-http-drop-invalid-header-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Application load balancers drop invalid HTTP headers",
    resource_types: &[ResourceType::ElasticLoadBalancingV2LoadBalancer],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(TYPE), own(ATTRIBUTES)],
    severity: Severity::Medium,
    category: Category::NetworkSecurity,
    remedy: Remedy::Automation("AWSConfigRemediation-DropInvalidHeadersForALB"),
    check,
};

const TYPE: Path = path("configuration.type");
const ATTRIBUTES: Path = path("supplementaryConfiguration.LoadBalancerAttributes");

const DROP: &str = "routing.http.drop_invalid_header_fields.enabled";

fn check<'a>(balancer: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let kind = balancer.text(TYPE)?;
    if kind.is_some_and(|kind| kind != "application") {
        let because = "only application load balancers are judged";
        return Ok(Evaluation::not_applicable(TYPE, kind, because));
    }
    let drops = load_balancers::attribute(balancer.list(ATTRIBUTES)?, DROP);
    let found = drops.map(|value| format!("{DROP} {value}"));
    if drops != Some("true") {
        let expected = format!("{DROP} true");
        return Ok(Evaluation::non_compliant(ATTRIBUTES, found, expected));
    }
    Ok(Evaluation::compliant(ATTRIBUTES, found))
}
