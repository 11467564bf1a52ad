//! What a listener takes in the clear can be read and changed on its way.
//!
//! ## Result
//! - COMPLIANT: every listener's protocol is `HTTPS` or `SSL`.
//! - NON_COMPLIANT: a listener's protocol is another, or not set.
//! - NOT_APPLICABLE: the load balancer has no listeners.
//! - INSUFFICIENT_DATA: the load balancer's listeners were not read.
//!
//! ## What to do
//! Replace the listener by one with a certificate. A classic load balancer can't redirect: an
//! application load balancer can.
//!
//! ## Source
//! AWS Config developer guide, managed rule `elb-tls-https-listeners-only`.

use crate::evaluation::Place;
use crate::predicates::load_balancers;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "elb-tls-https-listeners-only",
    identifier: Identifier::FromId,
    version: 1,
    title: "Classic load balancers listen by HTTPS and SSL only",
    resource_types: &[ResourceType::ElasticLoadBalancingLoadBalancer],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(LISTENERS)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const LISTENERS: Path = path("configuration.listenerDescriptions");
const PROTOCOL: Path = path("configuration.listenerDescriptions[*].listener.protocol");

fn check<'a>(balancer: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let listeners = balancer.list(LISTENERS)?;
    if listeners.is_empty() {
        let because = "the load balancer has no listeners";
        return Ok(Evaluation::not_applicable(LISTENERS, "empty", because));
    }
    for (index, listener) in listeners.iter().enumerate() {
        if !load_balancers::is_encrypted(*listener) {
            let place = Place::element(PROTOCOL, index);
            let protocol = load_balancers::protocol(*listener);
            return Ok(Evaluation::non_compliant(place, protocol, "HTTPS or SSL"));
        }
    }
    Ok(Evaluation::compliant(LISTENERS, "HTTPS or SSL"))
}
