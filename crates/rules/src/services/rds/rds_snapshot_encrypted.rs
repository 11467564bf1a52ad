//! A snapshot holds the whole database; encrypted, it is useless to whoever gets hold of it without
//! the key.
//!
//! ## Result
//! - COMPLIANT: the snapshot is encrypted.
//! - NON_COMPLIANT: it is not, or nothing says that it is.
//! - INSUFFICIENT_DATA: the snapshot was not read.
//!
//! ## What to do
//! Copy the snapshot with a KMS key, test that the copy restores, and delete the original. Encrypt
//! the database, since its next snapshots are as it is.
//!
//! ## Source
//! AWS Config developer guide, managed rule `rds-snapshot-encrypted`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "rds-snapshot-encrypted",
    identifier: Identifier::FromId,
    version: 1,
    title: "RDS snapshots are encrypted",
    resource_types: &[
        ResourceType::RdsDbSnapshot,
        ResourceType::RdsDbClusterSnapshot,
    ],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENCRYPTED), own(CLUSTER_ENCRYPTED)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Automation("ASR-EncryptRDSSnapshot"),
    check,
};

const ENCRYPTED: Path = path("configuration.encrypted");
const CLUSTER_ENCRYPTED: Path = path("configuration.storageEncrypted");

fn check<'a>(snapshot: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let place = match snapshot.resource_type() {
        Some(ResourceType::RdsDbClusterSnapshot) => CLUSTER_ENCRYPTED,
        _ => ENCRYPTED,
    };
    let encrypted = snapshot.boolean(place)?;
    if encrypted != Some(true) {
        return Ok(Evaluation::non_compliant(place, encrypted, true));
    }
    Ok(Evaluation::compliant(place, encrypted))
}
