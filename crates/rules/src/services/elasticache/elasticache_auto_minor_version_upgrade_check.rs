//! A minor version that nobody installs leaves its vulnerabilities where they are.
//!
//! ## Result
//! - COMPLIANT: `AutoMinorVersionUpgrade` is `true`.
//! - NON_COMPLIANT: it is `false` or not set.
//! - NOT_APPLICABLE: the engine is neither `redis` nor `valkey`.
//! - INSUFFICIENT_DATA: the cluster was not read, or its engine is not known.
//!
//! ## What to do
//! Turn automatic minor version upgrades on; AWS then upgrades in the maintenance window. Clients
//! lose their connections for a moment, so let them connect again by themselves.
//!
//! ## Source
//! AWS Config developer guide, managed rule `elasticache-auto-minor-version-upgrade-check`.

use crate::predicates::unread::not_collected;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "elasticache-auto-minor-version-upgrade-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "ElastiCache upgrades minor versions by itself",
    resource_types: &[ResourceType::ElastiCacheCacheCluster],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENGINE), own(UPGRADES)],
    severity: Severity::High,
    category: Category::VulnerabilityPatchAndVersionManagement,
    remedy: Remedy::Automation("ASR-EnableElastiCacheVersionUpgrades"),
    check,
};

const ENGINE: Path = path("configuration.Engine");
const UPGRADES: Path = path("configuration.AutoMinorVersionUpgrade");

fn check<'a>(cluster: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let engine = cluster.text(ENGINE)?.ok_or_else(|| not_collected(ENGINE))?;
    if !matches!(engine, "redis" | "valkey") {
        let because = "the rule is for Redis and Valkey";
        return Ok(Evaluation::not_applicable(ENGINE, engine, because));
    }
    let upgrades = cluster.boolean(UPGRADES)?;
    if upgrades != Some(true) {
        return Ok(Evaluation::non_compliant(UPGRADES, upgrades, true));
    }
    Ok(Evaluation::compliant(UPGRADES, upgrades))
}
