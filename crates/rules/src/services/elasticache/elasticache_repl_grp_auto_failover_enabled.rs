//! Without automatic failover, a primary node that fails takes the writes with it until somebody
//! acts.
//!
//! ## Result
//! - COMPLIANT: `AutomaticFailover` is `enabled`.
//! - NON_COMPLIANT: it is anything else, `enabling` too, or not set.
//! - INSUFFICIENT_DATA: the replication group was not read.
//!
//! ## What to do
//! Turn automatic failover on; the group has to have a replica. Let whoever writes use the endpoint
//! of the primary, which moves with a failover.
//!
//! ## Source
//! AWS Config developer guide, managed rule `elasticache-repl-grp-auto-failover-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "elasticache-repl-grp-auto-failover-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "ElastiCache replication groups fail over by themselves",
    resource_types: &[ResourceType::ElastiCacheReplicationGroup],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(FAILOVER)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Automation("ASR-EnableElastiCacheReplicationGroupFailover"),
    check,
};

const FAILOVER: Path = path("configuration.AutomaticFailover");

fn check<'a>(group: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let failover = group.text(FAILOVER)?;
    if failover != Some("enabled") {
        return Ok(Evaluation::non_compliant(FAILOVER, failover, "enabled"));
    }
    Ok(Evaluation::compliant(FAILOVER, failover))
}
