//! Who is root on a notebook can replace whatever the platform put there to watch it.
//!
//! ## Result
//! - COMPLIANT: `RootAccess` is `Disabled`.
//! - NON_COMPLIANT: it is `Enabled`, or not set: users have root access unless it is turned off.
//! - INSUFFICIENT_DATA: the notebook instance was not read.
//!
//! ## What to do
//! Stop the notebook instance, turn root access off, and start it again. Lifecycle configurations
//! run as root all the same, and can still install what is needed.
//!
//! ## Source
//! AWS Config developer guide, managed rule `sagemaker-notebook-instance-root-access-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "sagemaker-notebook-instance-root-access-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "SageMaker notebooks give their users no root access",
    resource_types: &[ResourceType::SageMakerNotebookInstance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ROOT_ACCESS)],
    severity: Severity::High,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const ROOT_ACCESS: Path = path("configuration.RootAccess");

fn check<'a>(notebook: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let access = notebook.text(ROOT_ACCESS)?;
    if access != Some("Disabled") {
        return Ok(Evaluation::non_compliant(ROOT_ACCESS, access, "Disabled"));
    }
    Ok(Evaluation::compliant(ROOT_ACCESS, access))
}
