//! Automated snapshots let a warehouse go back to before a bad load.
//!
//! ## Result
//! - COMPLIANT: automated snapshots are kept for a day or longer, and within the parameters where
//!   they are given.
//! - NON_COMPLIANT: `automatedSnapshotRetentionPeriod` is 0 or not set, less than
//!   `MinRetentionPeriod`, or greater than `MaxRetentionPeriod`.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! ## What to do
//! Set the retention period of automated snapshots; it takes effect at once. Keep what must outlive
//! the cluster in manual snapshots.
//!
//! ## Source
//! AWS Config developer guide, managed rule `redshift-backup-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "redshift-backup-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Redshift clusters make automated snapshots",
    resource_types: &[ResourceType::RedshiftCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: MINIMUM,
            kind: Kind::Integer,
            default: None,
        },
        Parameter {
            name: MAXIMUM,
            kind: Kind::Integer,
            default: None,
        },
    ],
    reads: &[own(RETENTION)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableRedshiftClusterAutomatedSnapshot"),
    check,
};

const RETENTION: Path = path("configuration.automatedSnapshotRetentionPeriod");

const MINIMUM: &str = "MinRetentionPeriod";
const MAXIMUM: &str = "MaxRetentionPeriod";

fn check<'a>(cluster: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let retention = cluster.integer(RETENTION)?;
    if matches!(retention, None | Some(0)) {
        return Ok(Evaluation::non_compliant(
            RETENTION,
            retention,
            "at least 1",
        ));
    }
    if let Some(minimum) = params.optional_integer(MINIMUM)
        && retention.is_none_or(|days| days < minimum)
    {
        let expected = format!("at least {minimum}");
        return Ok(Evaluation::non_compliant(RETENTION, retention, expected));
    }
    if let Some(maximum) = params.optional_integer(MAXIMUM)
        && retention.is_none_or(|days| days > maximum)
    {
        let expected = format!("at most {maximum}");
        return Ok(Evaluation::non_compliant(RETENTION, retention, expected));
    }
    Ok(Evaluation::compliant(RETENTION, retention))
}
