//! An instance with a public address can be reached, and attacked, from anywhere; behind a load
//! balancer none needs one.
//!
//! ## Result
//! - COMPLIANT: `associatePublicIpAddress` is `false`, or is not set, which leaves the choice to
//!   the subnet.
//! - NON_COMPLIANT: `associatePublicIpAddress` is `true`.
//! - INSUFFICIENT_DATA: the launch configuration was not read.
//!
//! ## What to do
//! A launch configuration can't be changed: make a launch template without public addresses, give
//! it to the group, and replace the instances.
//!
//! ## Source
//! AWS Config developer guide, managed rule `autoscaling-launch-config-public-ip-disabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "autoscaling-launch-config-public-ip-disabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Launch configurations give instances no public address",
    resource_types: &[ResourceType::AutoScalingLaunchConfiguration],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(PUBLIC_ADDRESS)],
    severity: Severity::High,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const PUBLIC_ADDRESS: Path = path("configuration.associatePublicIpAddress");

fn check<'a>(launch: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let public = launch.boolean(PUBLIC_ADDRESS)?;
    if public == Some(true) {
        return Ok(Evaluation::non_compliant(PUBLIC_ADDRESS, public, false));
    }
    Ok(Evaluation::compliant(PUBLIC_ADDRESS, public))
}
