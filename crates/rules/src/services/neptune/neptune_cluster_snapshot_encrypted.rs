//! A snapshot holds the whole graph; encrypted, it is useless to whoever gets hold of it without
//! the key.
//!
//! ## Result
//! - COMPLIANT: `storageEncrypted` is `true`.
//! - NON_COMPLIANT: it is `false` or not set.
//! - NOT_APPLICABLE: the snapshot's engine is not `neptune`.
//! - INSUFFICIENT_DATA: the snapshot was not read.
//!
//! ## What to do
//! A snapshot is encrypted as its cluster is: restore it with a KMS key as a new cluster, snapshot
//! that one, and delete the old snapshot.
//!
//! ## Source
//! AWS Config developer guide, managed rule `neptune-cluster-snapshot-encrypted`.

use crate::predicates::databases;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "neptune-cluster-snapshot-encrypted",
    identifier: Identifier::FromId,
    version: 1,
    title: "Neptune snapshots are encrypted",
    resource_types: &[ResourceType::RdsDbClusterSnapshot],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENGINE), own(ENCRYPTED)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const ENGINE: Path = path("configuration.engine");
const ENCRYPTED: Path = path("configuration.storageEncrypted");

fn check<'a>(snapshot: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    if let Some(evaluation) = databases::of_another_engine(snapshot, ENGINE, "neptune")? {
        return Ok(evaluation);
    }
    let encrypted = snapshot.boolean(ENCRYPTED)?;
    if encrypted != Some(true) {
        return Ok(Evaluation::non_compliant(ENCRYPTED, encrypted, true));
    }
    Ok(Evaluation::compliant(ENCRYPTED, encrypted))
}
