//! A group in one Availability Zone has nowhere to start instances when the zone fails.
//!
//! ## Result
//! - COMPLIANT: the group is in at least `minAvailabilityZones` Availability Zones, two where it is
//!   not given.
//! - NON_COMPLIANT: it is in fewer.
//! - INSUFFICIENT_DATA: the zones were not read, or `minAvailabilityZones` is not from 2 to 10.
//!
//! AWS's page names no bounds for the parameter; those of the same parameter of load balancers
//! hold.
//!
//! ## What to do
//! Give the group subnets in other zones, and its load balancer too. Auto Scaling moves instances
//! by itself until the zones are balanced.
//!
//! ## Source
//! AWS Config developer guide, managed rule `autoscaling-multiple-az`.

use crate::predicates::zones;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "autoscaling-multiple-az",
    identifier: Identifier::FromId,
    version: 1,
    title: "Auto Scaling groups span several Availability Zones",
    resource_types: &[ResourceType::AutoScalingAutoScalingGroup],
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

fn check<'a>(group: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    zones::judge(ZONES, zones::names(group, ZONES)?, params)
}
