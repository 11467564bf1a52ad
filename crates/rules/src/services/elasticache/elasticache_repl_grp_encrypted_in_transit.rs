//! What travels unencrypted between clients and nodes can be read and changed on the way.
//!
//! ## Result
//! - COMPLIANT: `TransitEncryptionEnabled` is `true`.
//! - NON_COMPLIANT: it is `false` or not set.
//! - INSUFFICIENT_DATA: the replication group was not read.
//!
//! ## What to do
//! From Redis 7 on, turn encryption in transit on in place: first as preferred, then, when all
//! clients speak TLS, as required. An older group is made anew from a backup.
//!
//! ## Source
//! AWS Config developer guide, managed rule `elasticache-repl-grp-encrypted-in-transit`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "elasticache-repl-grp-encrypted-in-transit",
    identifier: Identifier::FromId,
    version: 1,
    title: "ElastiCache replication groups are encrypted in transit",
    resource_types: &[ResourceType::ElastiCacheReplicationGroup],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENCRYPTED)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const ENCRYPTED: Path = path("configuration.TransitEncryptionEnabled");

fn check<'a>(group: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let encrypted = group.boolean(ENCRYPTED)?;
    if encrypted != Some(true) {
        return Ok(Evaluation::non_compliant(ENCRYPTED, encrypted, true));
    }
    Ok(Evaluation::compliant(ENCRYPTED, encrypted))
}
