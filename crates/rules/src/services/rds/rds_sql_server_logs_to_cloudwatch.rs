//! The logs of SQL Server tell who connected and which jobs failed; in CloudWatch Logs they outlive
//! the instance and can raise alarms.
//!
//! ## Result
//! - COMPLIANT: `enabledCloudwatchLogsExports` holds every log that `logTypes` names; `error` and
//!   `agent` where it is not given.
//! - NON_COMPLIANT: a log is missing. AWS's page excepts no edition.
//! - NOT_APPLICABLE: the instance's engine is no edition of SQL Server.
//! - INSUFFICIENT_DATA: the instance was not read.
//!
//! ## What to do
//! Choose the missing logs among the log exports of the instance; it takes effect at once.
//!
//! ## Source
//! AWS Config developer guide, managed rule `rds-sql-server-logs-to-cloudwatch`.

use crate::predicates::databases;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "rds-sql-server-logs-to-cloudwatch",
    identifier: Identifier::FromId,
    version: 1,
    title: "RDS for SQL Server instances send their logs to CloudWatch Logs",
    resource_types: &[ResourceType::RdsDbInstance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: LOGS,
        kind: Kind::List,
        default: Some("error,agent"),
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
    let engine = instance.text(ENGINE)?;
    if !engine.is_some_and(|engine| engine.starts_with("sqlserver-")) {
        let because = "the rule is for SQL Server";
        return Ok(Evaluation::not_applicable(ENGINE, engine, because));
    }
    databases::judge_exports(instance, EXPORTS, params.required_list(LOGS)?)
}
