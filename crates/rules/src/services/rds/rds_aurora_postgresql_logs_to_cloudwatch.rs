//! The log of PostgreSQL tells who connected and what failed; in CloudWatch Logs it outlives the
//! cluster and can raise alarms.
//!
//! ## Result
//! - COMPLIANT: `enabledCloudwatchLogsExports` holds `postgresql`.
//! - NON_COMPLIANT: it does not.
//! - NOT_APPLICABLE: the cluster's engine is not `aurora-postgresql`.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! ## What to do
//! Choose the PostgreSQL log among the log exports of the cluster; it takes effect at once.
//!
//! ## Source
//! AWS Config developer guide, managed rule `rds-aurora-postgresql-logs-to-cloudwatch`.

use crate::predicates::databases;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "rds-aurora-postgresql-logs-to-cloudwatch",
    identifier: Identifier::FromId,
    version: 1,
    title: "Aurora PostgreSQL clusters send their log to CloudWatch Logs",
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
    if let Some(evaluation) = databases::of_another_engine(cluster, ENGINE, "aurora-postgresql")? {
        return Ok(evaluation);
    }
    databases::judge_exports(cluster, EXPORTS, &["postgresql"])
}
