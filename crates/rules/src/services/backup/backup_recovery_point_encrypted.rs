//! A recovery point is a full copy of what it protects, and needs the same protection.
//!
//! ## Result
//! - COMPLIANT: the recovery point is encrypted.
//! - NON_COMPLIANT: the recovery point is not encrypted, or its answer doesn't say that it is.
//! - INSUFFICIENT_DATA: the recovery point was not read.
//!
//! ## What to do
//! A recovery point can't be encrypted in place. Encrypt the resource that it was made of, or copy
//! the recovery point to a vault with a key where the resource's type has its own encryption in AWS
//! Backup; then let the old point expire.
//!
//! ## Source
//! AWS Config developer guide, managed rule `backup-recovery-point-encrypted`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "backup-recovery-point-encrypted",
    identifier: Identifier::FromId,
    version: 1,
    title: "Recovery points are encrypted",
    resource_types: &[ResourceType::BackupRecoveryPoint],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENCRYPTED)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const ENCRYPTED: Path = path("configuration.IsEncrypted");

fn check<'a>(point: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let encrypted = point.boolean(ENCRYPTED)?;
    if encrypted != Some(true) {
        return Ok(Evaluation::non_compliant(ENCRYPTED, encrypted, true));
    }
    Ok(Evaluation::compliant(ENCRYPTED, encrypted))
}
