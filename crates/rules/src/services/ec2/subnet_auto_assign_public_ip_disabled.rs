//! In a subnet that hands out public addresses every instance is on the internet, whether that was
//! meant or not.
//!
//! ## Result
//! - COMPLIANT: neither `mapPublicIpOnLaunch` nor `assignIpv6AddressOnCreation` is `true`.
//! - NON_COMPLIANT: one of them is `true`. AWS says so itself: every IPv6 address counts as
//!   public.
//! - INSUFFICIENT_DATA: the subnet was not read.
//!
//! ## What to do
//! Turn the automatic assignment off; addresses that were handed out stay. Instances that must be
//! reached get an Elastic IP address or stand behind a load balancer.
//!
//! ## Source
//! AWS Config developer guide, managed rule `subnet-auto-assign-public-ip-disabled`.

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
    for path in [IPV4, IPV6] {
        let assigns = subnet.boolean(path)?;
        if assigns == Some(true) {
            return Ok(Evaluation::non_compliant(path, assigns, false));
        }
    }
    Ok(Evaluation::compliant(IPV4, subnet.boolean(IPV4)?))
}
