//! Deletion protection makes deleting a load balancer two deliberate steps.
//!
//! ## Result
//! - COMPLIANT: the attribute `deletion_protection.enabled` is `true`.
//! - NON_COMPLIANT: it is `false` or not set.
//! - INSUFFICIENT_DATA: the load balancer's attributes were not read.
//!
//! ## What to do
//! Turn deletion protection on; it takes effect at once. Infrastructure code that replaces the load
//! balancer has to turn it off first.
//!
//! ## Source
//! AWS Config developer guide, managed rule `elb-deletion-protection-enabled`.

use crate::predicates::load_balancers;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "elb-deletion-protection-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Load balancers are protected from deletion",
    resource_types: &[ResourceType::ElasticLoadBalancingV2LoadBalancer],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ATTRIBUTES)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableELBDeletionProtection"),
    check,
};

const ATTRIBUTES: Path = path("supplementaryConfiguration.LoadBalancerAttributes");

fn check<'a>(balancer: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let attributes = balancer.list(ATTRIBUTES)?;
    let protection = load_balancers::attribute(attributes, "deletion_protection.enabled");
    let found = protection.map(|value| format!("deletion_protection.enabled {value}"));
    if protection != Some("true") {
        let expected = "deletion_protection.enabled true";
        return Ok(Evaluation::non_compliant(ATTRIBUTES, found, expected));
    }
    Ok(Evaluation::compliant(ATTRIBUTES, found))
}
