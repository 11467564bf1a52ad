//! Only inside a VPC do subnets, network ACLs and routes decide who reaches an instance.
//!
//! ## Result
//! - COMPLIANT: the instance is in a VPC; in the one that `vpcId` names, where that is given.
//! - NON_COMPLIANT: the instance is in no VPC, or in another one.
//! - INSUFFICIENT_DATA: the instance was not read.
//!
//! ## What to do
//! An instance can't be moved: make an image of it, launch that in the VPC, and terminate the old
//! one.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ec2-instances-in-vpc`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ec2-instances-in-vpc",
    identifier: Identifier::Named("INSTANCES_IN_VPC"),
    version: 1,
    title: "EC2 instances are in a VPC",
    resource_types: &[ResourceType::Ec2Instance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: VPC_ID,
        kind: Kind::Text,
        default: None,
    }],
    reads: &[own(VPC)],
    severity: Severity::Medium,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const VPC: Path = path("configuration.vpcId");

const VPC_ID: &str = "vpcId";

fn check<'a>(instance: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let vpc = instance.text(VPC)?;
    let wanted = params.optional_text(VPC_ID);
    if vpc.is_none() || wanted.is_some() && vpc != wanted {
        let expected = wanted.map_or("the id of a VPC".to_owned(), str::to_owned);
        return Ok(Evaluation::non_compliant(VPC, vpc, expected));
    }
    Ok(Evaluation::compliant(VPC, vpc))
}
