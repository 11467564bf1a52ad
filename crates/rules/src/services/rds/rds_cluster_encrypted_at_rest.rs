//! Encrypted storage keeps a cluster's files, backups and replicas unreadable without its key.
//!
//! ## Result
//! - COMPLIANT: `storageEncrypted` is `true`.
//! - NON_COMPLIANT: it is `false` or not set. AWS's page excepts no engine, so DocumentDB and
//!   Neptune clusters are judged too.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! ## What to do
//! Storage can't be encrypted in place: snapshot the cluster, restore the snapshot with a KMS key
//! as a new cluster, and move the application there.
//!
//! ## Source
//! AWS Config developer guide, managed rule `rds-cluster-encrypted-at-rest`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "rds-cluster-encrypted-at-rest",
    identifier: Identifier::FromId,
    version: 1,
    title: "RDS clusters have encrypted storage",
    resource_types: &[ResourceType::RdsDbCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENCRYPTED)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const ENCRYPTED: Path = path("configuration.storageEncrypted");

fn check<'a>(cluster: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let encrypted = cluster.boolean(ENCRYPTED)?;
    if encrypted != Some(true) {
        return Ok(Evaluation::non_compliant(ENCRYPTED, encrypted, true));
    }
    Ok(Evaluation::compliant(ENCRYPTED, encrypted))
}
