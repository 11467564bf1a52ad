//! Minor versions carry the replication engine's security fixes; installed automatically, they
//! arrive in the next maintenance window.
//!
//! ## Result
//! - COMPLIANT: `AutoMinorVersionUpgrade` is `true`.
//! - NON_COMPLIANT: it is `false` or not set.
//! - INSUFFICIENT_DATA: the replication instance was not read.
//!
//! ## What to do
//! Turn the setting on; it needs no restart by itself, but the next upgrade stops the tasks for its
//! duration.
//!
//! ## Source
//! AWS Config developer guide, managed rule `dms-auto-minor-version-upgrade-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "dms-auto-minor-version-upgrade-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "DMS replication instances install minor versions by themselves",
    resource_types: &[ResourceType::DmsReplicationInstance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(UPGRADE)],
    severity: Severity::Medium,
    category: Category::VulnerabilityPatchAndVersionManagement,
    remedy: Remedy::Steps,
    check,
};

const UPGRADE: Path = path("configuration.AutoMinorVersionUpgrade");

fn check<'a>(instance: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let upgrade = instance.boolean(UPGRADE)?;
    if upgrade != Some(true) {
        return Ok(Evaluation::non_compliant(UPGRADE, upgrade, true));
    }
    Ok(Evaluation::compliant(UPGRADE, upgrade))
}
