//! A request that the load balancer and the servers behind it split differently smuggles another
//! one past the load balancer.
//!
//! ## Result
//! - COMPLIANT: the attribute `elb.http.desyncmitigationmode` is a mode that `desyncMode` names.
//! - NON_COMPLIANT: it is another mode, or not set.
//! - INSUFFICIENT_DATA: the load balancer's attributes were not read, or `desyncMode` is not one or
//!   two of `monitor`, `defensive` and `strictest`.
//!
//! AWS makes no exception for load balancers without an HTTP listener.
//!
//! ## What to do
//! Set the mode to `defensive`, or to `strictest` where every client keeps to RFC 7230: it refuses
//! what doesn't.
//!
//! ## Source
//! AWS Config developer guide, managed rule `clb-desync-mode-check`.

use crate::predicates::desync;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "clb-desync-mode-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Classic load balancers have the desync mitigation mode that is asked for",
    resource_types: &[ResourceType::ElasticLoadBalancingLoadBalancer],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[desync::MODE],
    reads: &[own(ATTRIBUTES)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const ATTRIBUTES: Path =
    path("supplementaryConfiguration.LoadBalancerAttributes.additionalAttributes");

const MODE: &str = "elb.http.desyncmitigationmode";

fn check<'a>(balancer: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    desync::judge(ATTRIBUTES, balancer.list(ATTRIBUTES)?, MODE, params)
}
