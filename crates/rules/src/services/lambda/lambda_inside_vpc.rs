//! A function in a VPC reaches what is private there, and leaves it only by the ways that the VPC
//! has.
//!
//! ## Result
//! - COMPLIANT: the function is in subnets of a VPC; and all of them are among `subnetIds`, where
//!   it is given.
//! - NON_COMPLIANT: it is in no subnet, or in one that is not among them. The guide leaves open
//!   whether it must be in all of those; here it need not.
//! - INSUFFICIENT_DATA: the function's subnets were not read.
//!
//! ## What to do
//! Connect the function to private subnets in at least two Availability Zones. What it calls on
//! the internet then needs a NAT gateway or an endpoint.
//!
//! ## Source
//! AWS Config developer guide, managed rule `lambda-inside-vpc`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "lambda-inside-vpc",
    identifier: Identifier::FromId,
    version: 1,
    title: "Lambda functions are in a VPC",
    resource_types: &[ResourceType::LambdaFunction],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: SUBNET_IDS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(SUBNETS)],
    severity: Severity::Low,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Automation("AWSConfigRemediation-MoveLambdaToVPC"),
    check,
};

const SUBNETS: Path = path("configuration.vpcConfig.subnetIds");

const SUBNET_IDS: &str = "subnetIds";

fn check<'a>(function: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let subnets = function.list(SUBNETS)?;
    if subnets.is_empty() {
        return Ok(Evaluation::non_compliant(
            SUBNETS,
            "empty",
            "subnets of a VPC",
        ));
    }
    let wanted = params.list(SUBNET_IDS);
    let is_wanted = |subnet: &Node<'a>| wanted.iter().any(|one| subnet.as_text() == Some(one));
    if !wanted.is_empty()
        && let Some(other) = subnets.iter().find(|subnet| !is_wanted(subnet))
    {
        let expected = format!("only {}", wanted.join(", "));
        return Ok(Evaluation::non_compliant(SUBNETS, *other, expected));
    }
    Ok(Evaluation::compliant(SUBNETS, Node::Array(subnets)))
}
