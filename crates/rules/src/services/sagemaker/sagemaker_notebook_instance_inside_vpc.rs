//! A notebook outside of your VPC runs in a network of AWS's that none of your controls reach.
//!
//! ## Result
//! - COMPLIANT: the notebook instance is in a subnet; one that `SubnetIds` names, if it is given.
//! - NON_COMPLIANT: it is in no subnet of yours, or in one that is not named.
//! - INSUFFICIENT_DATA: the notebook instance was not read.
//!
//! ## What to do
//! The subnet can't be changed: make a new notebook instance in a private subnet, and give the
//! subnet a NAT gateway or endpoints for what the notebook needs.
//!
//! ## Source
//! AWS Config developer guide, managed rule `sagemaker-notebook-instance-inside-vpc`.

use crate::predicates::lists;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "sagemaker-notebook-instance-inside-vpc",
    identifier: Identifier::FromId,
    version: 1,
    title: "SageMaker notebooks are in a VPC",
    resource_types: &[ResourceType::SageMakerNotebookInstance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: SUBNET_IDS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(SUBNET)],
    severity: Severity::High,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const SUBNET: Path = path("configuration.SubnetId");

const SUBNET_IDS: &str = "SubnetIds";

fn check<'a>(notebook: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let subnet = notebook.text(SUBNET)?;
    let allowed = params.list(SUBNET_IDS);
    if let Some(expected) = lists::unmet(subnet.as_slice(), allowed, "a subnet of a VPC") {
        return Ok(Evaluation::non_compliant(SUBNET, subnet, expected));
    }
    Ok(Evaluation::compliant(SUBNET, subnet))
}
