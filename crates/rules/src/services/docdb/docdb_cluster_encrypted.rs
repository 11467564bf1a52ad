//! Encrypted storage keeps a cluster's documents, indexes, backups and replicas unreadable without
//! its key.
//!
//! ## Result
//! - COMPLIANT: the storage is encrypted; with one of the keys in `kmsKeyArns`, where it names any.
//! - NON_COMPLIANT: the storage is not encrypted, or with another key.
//! - NOT_APPLICABLE: the cluster's engine is not `docdb`.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! ## What to do
//! Storage can't be encrypted in place: snapshot the cluster, restore the snapshot with a KMS key
//! as a new cluster, and move the application there.
//!
//! ## Source
//! AWS Config developer guide, managed rule `docdb-cluster-encrypted`.

use crate::predicates::kms;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "docdb-cluster-encrypted",
    identifier: Identifier::FromId,
    version: 1,
    title: "DocumentDB clusters have encrypted storage",
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

const KEYS: &str = "kmsKeyArns";

fn check<'a>(cluster: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let engine = cluster.text(ENGINE)?;
    if engine != Some("docdb") {
        return Ok(Evaluation::not_applicable(
            ENGINE,
            engine,
            "the rule is for docdb",
        ));
    }
    let encrypted = cluster.boolean(ENCRYPTED)?;
    if encrypted != Some(true) {
        return Ok(Evaluation::non_compliant(ENCRYPTED, encrypted, true));
    }
    let wanted = params.list(KEYS);
    if !wanted.is_empty() {
        let key = cluster.text(KEY)?;
        if !key.is_some_and(|key| wanted.iter().any(|one| kms::is_key(one, key))) {
            return Ok(Evaluation::non_compliant(KEY, key, wanted.join(", ")));
        }
    }
    Ok(Evaluation::compliant(ENCRYPTED, encrypted))
}
