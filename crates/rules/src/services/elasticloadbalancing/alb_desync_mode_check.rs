//! A request that the load balancer and the servers behind it split differently smuggles another
//! one past the load balancer.
//!
//! ## Result
//! - COMPLIANT: the attribute `routing.http.desync_mitigation_mode` is a mode that `desyncMode`
//!   names.
//! - NON_COMPLIANT: it is another mode, or not set.
//! - NOT_APPLICABLE: the load balancer is no application load balancer.
//! - INSUFFICIENT_DATA: the load balancer's type or attributes were not read, or `desyncMode` is
//!   not one or two of `monitor`, `defensive` and `strictest`.
//!
//! ## What to do
//! Set the mode to `defensive`, or to `strictest` where every client keeps to RFC 7230: it refuses
//! what doesn't. The access log tells beforehand how requests are classified.
//!
//! ## Source
//! AWS Config developer guide, managed rule `alb-desync-mode-check`.

use crate::predicates::desync;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "alb-desync-mode-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Application load balancers have the desync mitigation mode that is asked for",
    resource_types: &[ResourceType::ElasticLoadBalancingV2LoadBalancer],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[desync::MODE],
    reads: &[own(TYPE), own(ATTRIBUTES)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const TYPE: Path = path("configuration.type");
const ATTRIBUTES: Path = path("supplementaryConfiguration.LoadBalancerAttributes");

const MODE: &str = "routing.http.desync_mitigation_mode";

fn check<'a>(balancer: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let kind = balancer.text(TYPE)?;
    if kind.is_some_and(|kind| kind != "application") {
        let because = "only application load balancers are judged";
        return Ok(Evaluation::not_applicable(TYPE, kind, because));
    }
    desync::judge(ATTRIBUTES, balancer.list(ATTRIBUTES)?, MODE, params)
}
