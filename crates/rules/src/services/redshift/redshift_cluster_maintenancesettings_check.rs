//! Upgrades carry security fixes; allowed, they arrive in the cluster's maintenance window.
//!
//! ## Result
//! - COMPLIANT: version upgrades are allowed, and window and snapshots are as the parameters ask
//!   for.
//! - NON_COMPLIANT: `allowVersionUpgrade` is `false` or not set, the maintenance window is another
//!   than `preferredMaintenanceWindow`, or automated snapshots are kept for another time than
//!   `automatedSnapshotRetentionPeriod`.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! AWS's page shows 1 for `automatedSnapshotRetentionPeriod`, which is optional, but no retention
//! among the reasons to fail: it is judged, exactly, only where it is given.
//!
//! ## What to do
//! Allow version upgrades, and set the window and the retention period that are asked for; nothing
//! restarts before the next window.
//!
//! ## Source
//! AWS Config developer guide, managed rule `redshift-cluster-maintenancesettings-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "redshift-cluster-maintenancesettings-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Redshift clusters upgrade by themselves",
    resource_types: &[ResourceType::RedshiftCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: ASK_UPGRADE,
            kind: Kind::Boolean,
            default: Some("true"),
        },
        Parameter {
            name: ASK_WINDOW,
            kind: Kind::Text,
            default: None,
        },
        Parameter {
            name: ASK_RETENTION,
            kind: Kind::Integer,
            default: None,
        },
    ],
    reads: &[own(UPGRADE), own(WINDOW), own(RETENTION)],
    severity: Severity::Medium,
    category: Category::VulnerabilityPatchAndVersionManagement,
    remedy: Remedy::Automation("AWSConfigRemediation-ModifyRedshiftClusterMaintenanceSettings"),
    check,
};

const UPGRADE: Path = path("configuration.allowVersionUpgrade");
const WINDOW: Path = path("configuration.preferredMaintenanceWindow");
const RETENTION: Path = path("configuration.automatedSnapshotRetentionPeriod");

const ASK_UPGRADE: &str = "allowVersionUpgrade";
const ASK_WINDOW: &str = "preferredMaintenanceWindow";
const ASK_RETENTION: &str = "automatedSnapshotRetentionPeriod";

fn check<'a>(cluster: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let upgrade = cluster.boolean(UPGRADE)?;
    if params.is_true(ASK_UPGRADE) && upgrade != Some(true) {
        return Ok(Evaluation::non_compliant(UPGRADE, upgrade, true));
    }
    if let Some(wanted) = params.optional_text(ASK_WINDOW) {
        let window = cluster.text(WINDOW)?;
        // AWS's example writes `Mon`, its items write `mon`.
        if !window.is_some_and(|window| window.eq_ignore_ascii_case(wanted)) {
            return Ok(Evaluation::non_compliant(WINDOW, window, wanted.to_owned()));
        }
    }
    if let Some(wanted) = params.optional_integer(ASK_RETENTION) {
        let retention = cluster.integer(RETENTION)?;
        if retention != Some(wanted) {
            return Ok(Evaluation::non_compliant(RETENTION, retention, wanted));
        }
    }
    Ok(Evaluation::compliant(UPGRADE, upgrade))
}
