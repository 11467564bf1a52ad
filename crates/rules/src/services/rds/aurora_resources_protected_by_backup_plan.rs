//! A cluster's own backups go when the cluster goes; a backup plan's stay.
//!
//! ## Result
//! - COMPLIANT: a selection of a backup plan covers the cluster; its plans copy to every Region and
//!   account of `crossRegionList` and `crossAccountList`; and, where a lock is asked for, one of
//!   their vaults is locked for `minRetentionDays` or more and `maxRetentionDays` or less.
//! - NON_COMPLIANT: no selection covers it, or its plans lack one of these.
//! - NOT_APPLICABLE: `resourceId` names another resource, or the cluster has none of
//!   `resourceTags`.
//! - INSUFFICIENT_DATA: the selections, plans or vaults that decide were not read, or
//!   `resourceTags` is no JSON object. AWS Config records neither a selection's tags and conditions
//!   nor a vault's lock.
//!
//! A lock is asked for by `backupVaultLockCheck`, or by one of the two limits without it. Whether
//! the Region has opted the service in is not looked at. Every DB cluster is judged, of whatever
//! engine, as the second sentence of AWS's page has it.
//!
//! ## What to do
//! Assign the cluster to a backup plan, and give the plan the copies and the locked vault that are
//! asked for. In compliance mode a lock can't be taken off again once its grace time is over.
//!
//! ## Source
//! AWS Config developer guide, managed rule `aurora-resources-protected-by-backup-plan`.

use crate::predicates::{backup, backup_protection};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "aurora-resources-protected-by-backup-plan",
    identifier: Identifier::FromId,
    version: 1,
    title: "Aurora clusters are protected by a backup plan",
    resource_types: &[ResourceType::RdsDbCluster],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: backup_protection::PARAMETERS,
    reads: &[
        own(backup::ARN),
        own(backup::TAGS),
        Read::Other(backup::SELECTIONS),
        Read::Other(backup_protection::PLANS),
        Read::Other(backup_protection::VAULTS),
    ],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Steps,
    check,
};

fn check<'a>(
    cluster: &ConfigurationItem<'a>,
    params: &Params,
    context: &Context<'a>,
) -> Verdict<'a> {
    backup_protection::protects(cluster, params, context)
}
