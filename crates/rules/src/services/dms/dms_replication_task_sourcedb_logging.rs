//! What a task did at the source database, and what failed there, is known only from its log.
//!
//! ## Result
//! - COMPLIANT: the task's settings turn logging on, and log `SOURCE_CAPTURE` and `SOURCE_UNLOAD` at
//!   `LOGGER_SEVERITY_DEFAULT`, `LOGGER_SEVERITY_DEBUG` or `LOGGER_SEVERITY_DETAILED_DEBUG`.
//! - NON_COMPLIANT: logging is off, or one of the two is logged at less or not at all.
//! - INSUFFICIENT_DATA: the task's settings were not read, or don't say whether it logs.
//!
//! ## What to do
//! Stop the task, set `EnableLogging` to `true` in its settings and the severity of both components
//! to `LOGGER_SEVERITY_DEFAULT`, and resume it. The role `dms-cloudwatch-logs-role` must exist.
//!
//! ## Source
//! AWS Config developer guide, managed rule `dms-replication-task-sourcedb-logging`; Security Hub user
//! guide, control DMS.8, for the components and their severities.

use crate::predicates::task_logging;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "dms-replication-task-sourcedb-logging",
    identifier: Identifier::FromId,
    version: 1,
    title: "DMS replication tasks log what they do at the source database",
    resource_types: &[ResourceType::DmsReplicationTask],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENABLED), own(COMPONENTS)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const ENABLED: Path = path("configuration.ReplicationTaskSettings.Logging.EnableLogging");
const COMPONENTS: Path = path("configuration.ReplicationTaskSettings.Logging.LogComponents");

fn check<'a>(task: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let wanted = ["SOURCE_CAPTURE", "SOURCE_UNLOAD"];
    task_logging::judge(task, [ENABLED, COMPONENTS], wanted)
}
