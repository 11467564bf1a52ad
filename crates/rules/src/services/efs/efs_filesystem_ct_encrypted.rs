//! Files that are encrypted at rest are useless to whoever gets hold of the disks without the key.
//!
//! ## Result
//! - COMPLIANT: the file system is encrypted; with a key that `kmsKeyArns` names, where it does.
//! - NON_COMPLIANT: it is not encrypted, or with another key.
//! - INSUFFICIENT_DATA: the file system's encryption was not read.
//!
//! ## What to do
//! Encryption is chosen when a file system is made and cannot be changed: make an encrypted one,
//! copy the files with DataSync, and mount it in place of the old one.
//!
//! ## Source
//! AWS Config developer guide, managed rule `efs-filesystem-ct-encrypted`.

use crate::predicates::kms;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "efs-filesystem-ct-encrypted",
    identifier: Identifier::FromId,
    version: 1,
    title: "EFS file systems are encrypted with an approved KMS key",
    resource_types: &[ResourceType::EfsFileSystem],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: KMS_KEY_ARNS,
        kind: Kind::Text,
        default: None,
    }],
    reads: &[own(ENCRYPTED), own(KEY)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const ENCRYPTED: Path = path("configuration.Encrypted");
const KEY: Path = path("configuration.KmsKeyId");

/// A list, though AWS calls it a string.
const KMS_KEY_ARNS: &str = "kmsKeyArns";

fn check<'a>(file_system: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let encrypted = file_system.boolean(ENCRYPTED)?;
    if encrypted != Some(true) {
        return Ok(Evaluation::non_compliant(ENCRYPTED, encrypted, true));
    }
    if let Some(wanted) = params.optional_text(KMS_KEY_ARNS) {
        let wanted: Vec<&str> = wanted.split(',').map(str::trim).collect();
        if let Some(failure) = kms::other_key(file_system, KEY, &wanted)? {
            return Ok(failure);
        }
    }
    Ok(Evaluation::compliant(ENCRYPTED, encrypted))
}
