//! What lives in memory only is lost with its nodes, unless a backup is kept.
//!
//! ## Result
//! - COMPLIANT: `SnapshotRetentionLimit` is at least `snapshotRetentionPeriod` days; 15 where it is
//!   not given.
//! - NON_COMPLIANT: the limit is lower, 0 (no backups at all) or not set.
//! - NOT_APPLICABLE: the engine is `memcached`, which has no backups, or the cluster is a member of
//!   a replication group: the group is judged.
//! - INSUFFICIENT_DATA: the cluster or group was not read.
//!
//! ## What to do
//! Raise the snapshot retention limit; backups then start in the next snapshot window.
//!
//! ## Source
//! AWS Config developer guide, managed rule `elasticache-redis-cluster-automatic-backup-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "elasticache-redis-cluster-automatic-backup-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "ElastiCache keeps backups of Redis long enough",
    resource_types: &[
        ResourceType::ElastiCacheCacheCluster,
        ResourceType::ElastiCacheReplicationGroup,
    ],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: MINIMUM,
        kind: Kind::Integer,
        default: Some("15"),
    }],
    reads: &[own(ENGINE), own(GROUP), own(LIMIT)],
    severity: Severity::High,
    category: Category::Resilience,
    remedy: Remedy::Automation("ASR-EnableElastiCacheBackups"),
    check,
};

const ENGINE: Path = path("configuration.Engine");
const GROUP: Path = path("configuration.ReplicationGroupId");
const LIMIT: Path = path("configuration.SnapshotRetentionLimit");

const MINIMUM: &str = "snapshotRetentionPeriod";

fn check<'a>(cluster: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let engine = cluster.text(ENGINE)?;
    if engine == Some("memcached") {
        return Ok(Evaluation::not_applicable(
            ENGINE,
            engine,
            "memcached has no backups",
        ));
    }
    if cluster.resource_type() == Some(ResourceType::ElastiCacheCacheCluster) {
        let group = cluster.text(GROUP)?;
        if group.is_some_and(|group| !group.is_empty()) {
            let because = "the replication group is judged";
            return Ok(Evaluation::not_applicable(GROUP, group, because));
        }
    }
    // 0 is how ElastiCache writes that there are no backups.
    let minimum = params.integer(MINIMUM)?.max(1);
    let limit = cluster.integer(LIMIT)?;
    if limit.is_none_or(|days| days < minimum) {
        let expected = format!("at least {minimum}");
        return Ok(Evaluation::non_compliant(LIMIT, limit, expected));
    }
    Ok(Evaluation::compliant(LIMIT, limit))
}
