//! Backups and what is swapped to disk are useless without the key to whoever gets hold of them, if
//! they are encrypted.
//!
//! ## Result
//! - COMPLIANT: `AtRestEncryptionEnabled` is `true`; with a key that `approvedKMSKeyIds` names,
//!   where it does.
//! - NON_COMPLIANT: it is `false` or not set, or the key is another one or none of the customer's
//!   own.
//! - INSUFFICIENT_DATA: the replication group's encryption was not read.
//!
//! ## What to do
//! Encryption at rest is chosen when a group is made: make an encrypted one from a backup of this
//! one, and let its clients use the new endpoint.
//!
//! ## Source
//! AWS Config developer guide, managed rule `elasticache-repl-grp-encrypted-at-rest`.

use crate::predicates::kms;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "elasticache-repl-grp-encrypted-at-rest",
    identifier: Identifier::FromId,
    version: 1,
    title: "ElastiCache replication groups are encrypted at rest",
    resource_types: &[ResourceType::ElastiCacheReplicationGroup],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: KEY_IDS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(ENCRYPTED), own(KEY)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const ENCRYPTED: Path = path("configuration.AtRestEncryptionEnabled");
const KEY: Path = path("configuration.KmsKeyId");

const KEY_IDS: &str = "approvedKMSKeyIds";

fn check<'a>(group: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let encrypted = group.boolean(ENCRYPTED)?;
    if encrypted != Some(true) {
        return Ok(Evaluation::non_compliant(ENCRYPTED, encrypted, true));
    }
    if let Some(failure) = kms::other_key(group, KEY, params.list(KEY_IDS))? {
        return Ok(failure);
    }
    Ok(Evaluation::compliant(ENCRYPTED, encrypted))
}
