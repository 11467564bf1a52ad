//! In a subnet that hands out public addresses every instance is on the internet, whether that was
//! meant or not.
//!
//! ## Result
//! - COMPLIANT: `mapPublicIpOnLaunch` is `false`, and `assignIpv6AddressOnCreation` is not `true`.
//! - NON_COMPLIANT: one of them is `true`. AWS says so itself: every IPv6 address counts as
//!   public.
//! - INSUFFICIENT_DATA: the subnet was not read, or `mapPublicIpOnLaunch`, which EC2 always sets, is
//!   not set.
//!
//! ## What to do
//! Turn the automatic assignment off; addresses that were handed out stay. Instances that must be
//! reached get an Elastic IP address or stand behind a load balancer.
//!
//! ## Source
//! AWS Config developer guide, managed rule `subnet-auto-assign-public-ip-disabled`.

use crate::predicates::unread::recorded_boolean;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "subnet-auto-assign-public-ip-disabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Subnets hand out no public addresses",
    resource_types: &[ResourceType::Ec2Subnet],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(IPV4), own(IPV6)],
    severity: Severity::Medium,
    category: Category::NetworkSecurity,
    remedy: Remedy::Automation("AWSConfigRemediation-DisableSubnetAutoAssignPublicIP"),
    check,
};

const IPV4: Path = path("configuration.mapPublicIpOnLaunch");
const IPV6: Path = path("configuration.assignIpv6AddressOnCreation");

fn check<'a>(subnet: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let assigns = recorded_boolean(subnet, IPV4)?;
    if assigns {
        return Ok(Evaluation::non_compliant(IPV4, assigns, false));
    }
    if subnet.boolean(IPV6)? == Some(true) {
        return Ok(Evaluation::non_compliant(IPV6, true, false));
    }
    Ok(Evaluation::compliant(IPV4, assigns))
}
