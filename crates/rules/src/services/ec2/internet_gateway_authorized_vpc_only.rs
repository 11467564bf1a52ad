//! An internet gateway is the way from a VPC to the internet and back; only VPCs that were meant
//! to have one do.
//!
//! ## Result
//! - COMPLIANT: the gateway is attached to no VPC, or to one that `AuthorizedVpcIds` names.
//! - NON_COMPLIANT: the gateway is attached to any other VPC; without the parameter, to any VPC at
//!   all.
//! - INSUFFICIENT_DATA: the gateway's attachments were not read.
//!
//! ## What to do
//! Detach the gateway if the VPC needs no internet; otherwise name the VPC in the parameter.
//!
//! ## Source
//! AWS Config developer guide, managed rule `internet-gateway-authorized-vpc-only`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "internet-gateway-authorized-vpc-only",
    identifier: Identifier::FromId,
    version: 1,
    title: "Internet gateways are attached to authorized VPCs only",
    resource_types: &[ResourceType::Ec2InternetGateway],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: AUTHORIZED,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(VPC)],
    severity: Severity::Medium,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const VPC: Path = path("configuration.attachments[*].vpcId");

const AUTHORIZED: &str = "AuthorizedVpcIds";

fn check<'a>(gateway: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let authorized = params.list(AUTHORIZED);
    for vpc in gateway.each(VPC)? {
        let known = vpc
            .as_text()
            .is_some_and(|id| authorized.iter().any(|wanted| wanted == id));
        if !known {
            return Ok(Evaluation::non_compliant(VPC, vpc, "an authorized VPC"));
        }
    }
    Ok(Evaluation::compliant(
        VPC,
        "authorized for every attachment",
    ))
}
