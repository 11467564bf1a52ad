//! A network ACL that no subnet uses guards nothing, and is easily taken for the one that does.
//!
//! ## Result
//! - COMPLIANT: the network ACL is associated with a subnet.
//! - NON_COMPLIANT: it is associated with none.
//! - INSUFFICIENT_DATA: the network ACL was not read.
//!
//! ## What to do
//! Associate the network ACL with the subnets that it was made for, or delete it. A VPC's default
//! network ACL can't be deleted.
//!
//! ## Source
//! AWS Config developer guide, managed rule `vpc-network-acl-unused-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "vpc-network-acl-unused-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Network ACLs are used by a subnet",
    resource_types: &[ResourceType::Ec2NetworkAcl],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(SUBNETS)],
    severity: Severity::Low,
    category: Category::NetworkSecurity,
    remedy: Remedy::Automation("AWSConfigRemediation-DeleteUnusedVPCNetworkACL"),
    check,
};

const SUBNETS: Path = path("configuration.associations[*].subnetId");

fn check<'a>(acl: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let subnets = acl.each(SUBNETS)?;
    let Some(subnet) = subnets.first() else {
        return Ok(Evaluation::non_compliant(SUBNETS, "empty", "a subnet"));
    };
    Ok(Evaluation::compliant(SUBNETS, *subnet))
}
