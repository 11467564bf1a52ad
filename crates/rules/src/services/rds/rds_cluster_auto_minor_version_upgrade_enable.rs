//! Minor versions carry the engine's security fixes; installed automatically, they arrive in the
//! next maintenance window.
//!
//! ## Result
//! - COMPLIANT: `autoMinorVersionUpgrade` is `true`.
//! - NON_COMPLIANT: it is `false` or not set.
//! - NOT_APPLICABLE: the cluster is of Aurora, DocumentDB or Neptune: the rule is for Multi-AZ DB
//!   clusters.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! ## What to do
//! Turn the setting on; it needs no restart by itself, but the next upgrade does. Test the
//! application against new minor versions in another environment first.
//!
//! ## Source
//! AWS Config developer guide, managed rule `rds-cluster-auto-minor-version-upgrade-enable`;
//! Security Hub user guide, control RDS.35, for Aurora.

use crate::predicates::databases;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "rds-cluster-auto-minor-version-upgrade-enable",
    identifier: Identifier::FromId,
    version: 1,
    title: "Multi-AZ DB clusters install minor versions by themselves",
    resource_types: &[ResourceType::RdsDbCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENGINE), own(UPGRADE)],
    severity: Severity::Medium,
    category: Category::VulnerabilityPatchAndVersionManagement,
    remedy: Remedy::Steps,
    check,
};

const ENGINE: Path = path("configuration.engine");
const UPGRADE: Path = path("configuration.autoMinorVersionUpgrade");

fn check<'a>(cluster: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let engine = cluster.text(ENGINE)?;
    if engine.is_none_or(databases::is_clustered) {
        let because = "the rule is for Multi-AZ DB clusters";
        return Ok(Evaluation::not_applicable(ENGINE, engine, because));
    }
    let upgrade = cluster.boolean(UPGRADE)?;
    if upgrade != Some(true) {
        return Ok(Evaluation::non_compliant(UPGRADE, upgrade, true));
    }
    Ok(Evaluation::compliant(UPGRADE, upgrade))
}
