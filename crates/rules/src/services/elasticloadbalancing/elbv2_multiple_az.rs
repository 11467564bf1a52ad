//! A load balancer in one Availability Zone is gone with the zone, and everything behind it.
//!
//! ## Result
//! - COMPLIANT: the load balancer is in at least `minAvailabilityZones` Availability Zones, two
//!   where it is not given.
//! - NON_COMPLIANT: it is in fewer.
//! - INSUFFICIENT_DATA: the zones were not read, or `minAvailabilityZones` is not from 2 to 10.
//!
//! ## What to do
//! Add a subnet of another zone to the load balancer, and register targets there as well.
//!
//! ## Source
//! AWS Config developer guide, managed rule `elbv2-multiple-az`.

use crate::predicates::unread::{recorded_list, text};
use crate::predicates::zones;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "elbv2-multiple-az",
    identifier: Identifier::FromId,
    version: 1,
    title: "Load balancers span several Availability Zones",
    resource_types: &[ResourceType::ElasticLoadBalancingV2LoadBalancer],
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
    let mut names = Vec::new();
    for zone in recorded_list(balancer, ZONES)? {
        names.extend(text(ZONES, *zone, "zoneName")?);
    }
    zones::judge(ZONES, names, params)
}
