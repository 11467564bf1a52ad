//! The log of PostgreSQL tells who connected and what failed; in CloudWatch Logs it outlives the
//! instance and can raise alarms.
//!
//! ## Result
//! - COMPLIANT: `enabledCloudwatchLogsExports` holds every log that `logTypes` names; `postgresql`
//!   where it is not given.
//! - NON_COMPLIANT: a log is missing.
//! - NOT_APPLICABLE: the instance's engine is not `postgres`.
//! - INSUFFICIENT_DATA: the instance was not read.
//!
//! ## What to do
//! Choose the missing logs among the log exports of the instance; it takes effect at once.
//!
//! ## Source
//! AWS Config developer guide, managed rule `rds-postgresql-logs-to-cloudwatch`.

use crate::predicates::databases;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "rds-postgresql-logs-to-cloudwatch",
    identifier: Identifier::FromId,
    version: 1,
    title: "RDS for PostgreSQL instances send their logs to CloudWatch Logs",
    resource_types: &[ResourceType::RdsDbInstance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: LOGS,
        kind: Kind::List,
        default: Some("postgresql"),
    }],
    reads: &[own(ENGINE), own(EXPORTS)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const ENGINE: Path = path("configuration.engine");
const EXPORTS: Path = path("configuration.enabledCloudwatchLogsExports");

const LOGS: &str = "logTypes";

fn check<'a>(instance: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    if let Some(evaluation) = databases::of_another_engine(instance, ENGINE, "postgres")? {
        return Ok(evaluation);
    }
    databases::judge_exports(instance, EXPORTS, params.required_list(LOGS)?)
}
