//! An instance with a public address can be reached, and attacked, from anywhere.
//!
//! ## Result
//! - COMPLIANT: no network interface of the instance has a public IPv4 address.
//! - NON_COMPLIANT: one has, as its primary or a secondary address.
//! - INSUFFICIENT_DATA: the instance's addresses were not read.
//!
//! ## What to do
//! Put the instance in a private subnet behind a load balancer or a NAT gateway, and log in with
//! Session Manager. An Elastic IP address can be taken off at once; an assigned public address
//! goes when the instance is started anew in a subnet that assigns none.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ec2-instance-no-public-ip`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ec2-instance-no-public-ip",
    identifier: Identifier::FromId,
    version: 1,
    title: "EC2 instances have no public IPv4 address",
    resource_types: &[ResourceType::Ec2Instance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ADDRESS), own(PRIMARY), own(SECONDARY)],
    severity: Severity::High,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const ADDRESS: Path = path("configuration.publicIpAddress");
const PRIMARY: Path = path("configuration.networkInterfaces[*].association.publicIp");
const SECONDARY: Path =
    path("configuration.networkInterfaces[*].privateIpAddresses[*].association.publicIp");

fn check<'a>(instance: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let address = instance.text(ADDRESS)?;
    if address.is_some() {
        return Ok(Evaluation::non_compliant(ADDRESS, address, "no address"));
    }
    for path in [PRIMARY, SECONDARY] {
        if let Some(address) = instance.each(path)?.first() {
            return Ok(Evaluation::non_compliant(path, *address, "no address"));
        }
    }
    Ok(Evaluation::compliant(ADDRESS, address))
}
