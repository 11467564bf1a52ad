//! Minor versions carry the engine's security fixes; installed automatically, they arrive in the
//! next maintenance window.
//!
//! ## Result
//! - COMPLIANT: `autoMinorVersionUpgrade` is `true`.
//! - NON_COMPLIANT: it is `false` or not set.
//! - INSUFFICIENT_DATA: the instance was not read.
//!
//! AWS says what a pass does not prove: an Aurora cluster upgrades only where the cluster and each
//! of its instances have the setting, and some global and cross-Region clusters never upgrade by
//! themselves.
//!
//! ## What to do
//! Turn the setting on; it needs no restart by itself, but the next upgrade does. Test the
//! application against new minor versions in another environment first.
//!
//! ## Source
//! AWS Config developer guide, managed rule `rds-automatic-minor-version-upgrade-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "rds-automatic-minor-version-upgrade-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "RDS instances install minor versions by themselves",
    resource_types: &[ResourceType::RdsDbInstance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(UPGRADE)],
    severity: Severity::High,
    category: Category::VulnerabilityPatchAndVersionManagement,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableMinorVersionUpgradeOnRDS"),
    check,
};

const UPGRADE: Path = path("configuration.autoMinorVersionUpgrade");

fn check<'a>(instance: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let upgrade = instance.boolean(UPGRADE)?;
    if upgrade != Some(true) {
        return Ok(Evaluation::non_compliant(UPGRADE, upgrade, true));
    }
    Ok(Evaluation::compliant(UPGRADE, upgrade))
}
