//! The root volume of a WorkSpace holds its system, and whatever programs leave there.
//!
//! ## Result
//! - COMPLIANT: `RootVolumeEncryptionEnabled` is true.
//! - NON_COMPLIANT: it is false or not set.
//! - INSUFFICIENT_DATA: the WorkSpace was not read.
//!
//! ## What to do
//! Encryption is chosen when a WorkSpace is launched: launch an encrypted one, move the user's
//! files to it, and delete the old one.
//!
//! ## Source
//! AWS Config developer guide, managed rule `workspaces-root-volume-encryption-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "workspaces-root-volume-encryption-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "WorkSpaces have their root volumes encrypted",
    resource_types: &[ResourceType::WorkSpacesWorkspace],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENCRYPTION)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const ENCRYPTION: Path = path("configuration.RootVolumeEncryptionEnabled");

fn check<'a>(workspace: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let encryption = workspace.boolean(ENCRYPTION)?;
    if encryption != Some(true) {
        return Ok(Evaluation::non_compliant(ENCRYPTION, encryption, true));
    }
    Ok(Evaluation::compliant(ENCRYPTION, encryption))
}
