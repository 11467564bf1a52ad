//! Encrypted storage keeps a cluster's graph, backups and replicas unreadable without its key.
//!
//! ## Result
//! - COMPLIANT: the storage is encrypted; with one of the keys in `KmsKeyArns`, where it names any.
//! - NON_COMPLIANT: the storage is not encrypted, or with another key.
//! - NOT_APPLICABLE: the cluster's engine is not `neptune`.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! ## What to do
//! Storage can't be encrypted in place: snapshot the cluster, restore the snapshot with a KMS key
//! as a new cluster, and move the application there.
//!
//! ## Source
//! AWS Config developer guide, managed rule `neptune-cluster-encrypted`.

use crate::predicates::{databases, kms};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "neptune-cluster-encrypted",
    identifier: Identifier::FromId,
    version: 1,
    title: "Neptune clusters have encrypted storage",
    resource_types: &[ResourceType::RdsDbCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: KEYS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(ENGINE), own(ENCRYPTED), own(KEY)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const ENGINE: Path = path("configuration.engine");
const ENCRYPTED: Path = path("configuration.storageEncrypted");
const KEY: Path = path("configuration.kmsKeyId");

const KEYS: &str = "KmsKeyArns";

fn check<'a>(cluster: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    if let Some(evaluation) = databases::of_another_engine(cluster, ENGINE, "neptune")? {
        return Ok(evaluation);
    }
    let encrypted = cluster.boolean(ENCRYPTED)?;
    if encrypted != Some(true) {
        return Ok(Evaluation::non_compliant(ENCRYPTED, encrypted, true));
    }
    if let Some(failure) = kms::other_key(cluster, KEY, params.list(KEYS))? {
        return Ok(failure);
    }
    Ok(Evaluation::compliant(ENCRYPTED, encrypted))
}
