//! A notebook with direct internet access can carry data out past every control of the VPC.
//!
//! ## Result
//! - COMPLIANT: `DirectInternetAccess` is `Disabled`.
//! - NON_COMPLIANT: it is `Enabled`, or not set: a notebook has direct access unless it is turned
//!   off.
//! - INSUFFICIENT_DATA: the notebook instance was not read.
//!
//! ## What to do
//! The setting can't be changed: make a new notebook instance in a subnet with direct internet
//! access disabled, and give the subnet a NAT gateway or endpoints for what the notebook needs.
//!
//! ## Source
//! AWS Config developer guide, managed rule `sagemaker-notebook-no-direct-internet-access`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "sagemaker-notebook-no-direct-internet-access",
    identifier: Identifier::FromId,
    version: 1,
    title: "SageMaker notebooks have no direct internet access",
    resource_types: &[ResourceType::SageMakerNotebookInstance],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ACCESS)],
    severity: Severity::High,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const ACCESS: Path = path("configuration.DirectInternetAccess");

fn check<'a>(notebook: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let access = notebook.text(ACCESS)?;
    if access != Some("Disabled") {
        return Ok(Evaluation::non_compliant(ACCESS, access, "Disabled"));
    }
    Ok(Evaluation::compliant(ACCESS, access))
}
