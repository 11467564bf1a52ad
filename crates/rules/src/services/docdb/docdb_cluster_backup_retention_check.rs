//! A mistake that is noticed after the last backup is gone can't be undone.
//!
//! ## Result
//! - COMPLIANT: `backupRetentionPeriod` is at least `minimumBackupRetentionPeriod` days; 7 where it
//!   is not given.
//! - NON_COMPLIANT: the period is shorter or not set.
//! - NOT_APPLICABLE: the cluster's engine is not `docdb`.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! ## What to do
//! Raise the backup retention period of the cluster; it takes effect at once, and older backups
//! start to be kept from then on.
//!
//! ## Source
//! AWS Config developer guide, managed rule `docdb-cluster-backup-retention-check`.

use crate::predicates::databases;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "docdb-cluster-backup-retention-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "DocumentDB clusters keep their backups long enough",
    resource_types: &[ResourceType::RdsDbCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: MINIMUM,
        kind: Kind::Integer,
        default: Some("7"),
    }],
    reads: &[own(ENGINE), own(RETENTION)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Steps,
    check,
};

const ENGINE: Path = path("configuration.engine");
const RETENTION: Path = path("configuration.backupRetentionPeriod");

const MINIMUM: &str = "minimumBackupRetentionPeriod";

fn check<'a>(cluster: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    if let Some(evaluation) = databases::of_another_engine(cluster, ENGINE, "docdb")? {
        return Ok(evaluation);
    }
    let minimum = params.integer(MINIMUM)?;
    let retention = cluster.integer(RETENTION)?;
    if retention.is_none_or(|days| days < minimum) {
        let expected = format!("at least {minimum}");
        return Ok(Evaluation::non_compliant(RETENTION, retention, expected));
    }
    Ok(Evaluation::compliant(RETENTION, retention))
}
