//! The audit log tells who connected and what they asked; in CloudWatch Logs it outlives the cluster
//! and can raise alarms.
//!
//! ## Result
//! - COMPLIANT: `enabledCloudwatchLogsExports` holds `audit`.
//! - NON_COMPLIANT: it does not. The parameter `server_audit_logs_upload` of the cluster's parameter
//!   group, which publishes the log as well, does not count.
//! - NOT_APPLICABLE: the cluster is not Aurora MySQL.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! ## What to do
//! Turn advanced auditing on in the cluster's parameter group, and choose the audit log among the
//! log exports of the cluster.
//!
//! ## Source
//! AWS Config developer guide, managed rule `rds-aurora-mysql-audit-logging-enabled`; Security Hub
//! user guide, control RDS.34, for the parameter that does not count.

use crate::predicates::databases;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "rds-aurora-mysql-audit-logging-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Aurora MySQL clusters send their audit log to CloudWatch Logs",
    resource_types: &[ResourceType::RdsDbCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENGINE), own(EXPORTS)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const ENGINE: Path = path("configuration.engine");
const EXPORTS: Path = path("configuration.enabledCloudwatchLogsExports");

fn check<'a>(cluster: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let engine = cluster.text(ENGINE)?;
    if !engine.is_some_and(databases::is_aurora_mysql) {
        let because = "the rule is for Aurora MySQL";
        return Ok(Evaluation::not_applicable(ENGINE, engine, because));
    }
    databases::judge_exports(cluster, EXPORTS, &["audit"])
}
