//! A load balancer in one Availability Zone is gone with the zone, and everything behind it.
//!
//! ## Result
//! - COMPLIANT: the load balancer is in at least `minAvailabilityZones` Availability Zones, two
//!   where it is not given.
//! - NON_COMPLIANT: it is in fewer.
//! - INSUFFICIENT_DATA: the zones were not read, or `minAvailabilityZones` is not from 2 to 10.
//!
//! ## What to do
//! Attach a subnet of another zone to the load balancer, or enable the zone, and put instances
//! there as well.
//!
//! ## Source
//! AWS Config developer guide, managed rule `clb-multiple-az`.

use crate::predicates::zones;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "clb-multiple-az",
    identifier: Identifier::FromId,
    version: 1,
    title: "Classic load balancers span several Availability Zones",
    resource_types: &[ResourceType::ElasticLoadBalancingLoadBalancer],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[zones::MINIMUM],
    reads: &[own(ZONES)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Steps,
    check,
};

const ZONES: Path = path("configuration.availabilityZones");

fn check<'a>(balancer: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    zones::judge(ZONES, zones::names(balancer, ZONES)?, params)
}
