//! Encrypted storage keeps a database's files, backups and replicas unreadable without its key.
//!
//! ## Result
//! - COMPLIANT: the storage is encrypted; with the key that `kmsKeyId` names, where it does.
//! - NON_COMPLIANT: the storage is not encrypted, or with another key.
//! - INSUFFICIENT_DATA: the instance's encryption was not read.
//!
//! ## What to do
//! Storage can't be encrypted in place: snapshot the instance, copy the snapshot encrypted, and
//! restore the copy as a new instance.
//!
//! ## Source
//! AWS Config developer guide, managed rule `rds-storage-encrypted`.

use crate::predicates::kms;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "rds-storage-encrypted",
    identifier: Identifier::FromId,
    version: 1,
    title: "RDS instances have encrypted storage",
    resource_types: &[ResourceType::RdsDbInstance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: KMS_KEY_ID,
        kind: Kind::Text,
        default: None,
    }],
    reads: &[own(ENCRYPTED), own(KMS_KEY)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const ENCRYPTED: Path = path("configuration.storageEncrypted");
const KMS_KEY: Path = path("configuration.kmsKeyId");

const KMS_KEY_ID: &str = "kmsKeyId";

fn check<'a>(instance: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let encrypted = instance.boolean(ENCRYPTED)?;
    if encrypted != Some(true) {
        return Ok(Evaluation::non_compliant(ENCRYPTED, encrypted, true));
    }
    if let Some(wanted) = params.optional_text(KMS_KEY_ID)
        && let Some(failure) = kms::other_key(instance, KMS_KEY, &[wanted])?
    {
        return Ok(failure);
    }
    Ok(Evaluation::compliant(ENCRYPTED, encrypted))
}
