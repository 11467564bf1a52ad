//! Without cross-zone balancing a zone with few instances gets as much load as one with many.
//!
//! ## Result
//! - COMPLIANT: cross-zone load balancing is on.
//! - NON_COMPLIANT: it is off or not set.
//! - INSUFFICIENT_DATA: the load balancer's attributes were not read.
//!
//! ## What to do
//! Turn cross-zone load balancing on; it takes effect at once, and costs nothing on a classic load
//! balancer.
//!
//! ## Source
//! AWS Config developer guide, managed rule `elb-cross-zone-load-balancing-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "elb-cross-zone-load-balancing-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Classic load balancers spread load over all zones",
    resource_types: &[ResourceType::ElasticLoadBalancingLoadBalancer],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(CROSS_ZONE)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableCLBCrossZoneLoadBalancing"),
    check,
};

const CROSS_ZONE: Path =
    path("supplementaryConfiguration.LoadBalancerAttributes.crossZoneLoadBalancing.enabled");

fn check<'a>(balancer: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let cross_zone = balancer.boolean(CROSS_ZONE)?;
    if cross_zone != Some(true) {
        return Ok(Evaluation::non_compliant(CROSS_ZONE, cross_zone, true));
    }
    Ok(Evaluation::compliant(CROSS_ZONE, cross_zone))
}
