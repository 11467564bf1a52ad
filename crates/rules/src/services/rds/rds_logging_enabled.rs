//! A database's own logs tell who connected and what failed; in CloudWatch Logs they outlive the
//! instance.
//!
//! ## Result
//! - COMPLIANT: `enabledCloudwatchLogsExports` holds every log of the engine, and every log that
//!   `additionalLogs` names for it.
//! - NON_COMPLIANT: a log is missing.
//! - NOT_APPLICABLE: the instance is in none of the states `available`, `backing-up`,
//!   `storage-optimization` and `storage-full`, or nothing names a log for its engine.
//! - INSUFFICIENT_DATA: the instance was not read, or `additionalLogs` can't be read.
//!
//! ## What to do
//! Turn the missing logs on in the parameter group (for the audit log of MySQL and MariaDB in the
//! option group), and choose them among the log exports of the instance.
//!
//! ## Source
//! AWS Config developer guide, managed rule `rds-logging-enabled`; Security Hub user guide, control
//! RDS.9, for the logs of each engine.

use crate::predicates::{databases, parameter};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "rds-logging-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "RDS instances send all logs of their engine to CloudWatch Logs",
    resource_types: &[ResourceType::RdsDbInstance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: ADDITIONAL,
        kind: Kind::Text,
        default: None,
    }],
    reads: &[own(STATUS), own(ENGINE), own(EXPORTS)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const STATUS: Path = path("configuration.dBInstanceStatus");
const ENGINE: Path = path("configuration.engine");
const EXPORTS: Path = path("configuration.enabledCloudwatchLogsExports");

const ADDITIONAL: &str = "additionalLogs";

fn check<'a>(instance: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let status = instance.text(STATUS)?;
    if !status.is_some_and(databases::is_running) {
        return Ok(Evaluation::not_applicable(
            STATUS,
            status,
            "the instance is not running",
        ));
    }
    let engine = instance.text(ENGINE)?;
    let mut wanted: Vec<&str> = engine.map_or(&[][..], logs_of).to_vec();
    if let Some(additional) = params.optional_text(ADDITIONAL) {
        wanted.extend(additional_logs(additional, engine)?);
    }
    if wanted.is_empty() {
        return Ok(Evaluation::not_applicable(
            ENGINE,
            engine,
            "nothing names a log for this engine",
        ));
    }
    let exports = instance.list(EXPORTS)?;
    let is_exported = |log: &&str| {
        let mut texts = exports.iter().filter_map(|export| export.as_text());
        texts.any(|export| export.eq_ignore_ascii_case(log))
    };
    if !wanted.iter().all(is_exported) {
        let found = instance.node(EXPORTS)?;
        return Ok(Evaluation::non_compliant(EXPORTS, found, wanted.join(", ")));
    }
    Ok(Evaluation::compliant(EXPORTS, wanted.join(", ")))
}

/// The logs of an engine, in the names of CloudWatch Logs exports.
fn logs_of(engine: &str) -> &'static [&'static str] {
    match engine {
        "mysql" | "mariadb" | "aurora" | "aurora-mysql" => {
            &["audit", "error", "general", "slowquery"]
        }
        "postgres" | "aurora-postgresql" => &["postgresql", "upgrade"],
        _ if is_of(engine, "oracle") => &["alert", "audit", "trace", "listener"],
        _ if is_of(engine, "sqlserver") => &["error", "agent"],
        _ => &[],
    }
}

/// Whether an engine is the one that is named, or an edition of it: Oracle and SQL Server have a
/// name an edition (`oracle-ee`), and AWS's example names them without.
fn is_of(engine: &str, name: &str) -> bool {
    let edition = engine
        .strip_prefix(name)
        .is_some_and(|rest| rest.starts_with('-'));
    engine == name || (edition && matches!(name, "oracle" | "sqlserver"))
}

/// The logs that `engine: log, log; engine: log` names for an engine.
fn additional_logs<'p>(
    text: &'p str,
    engine: Option<&str>,
) -> Result<Vec<&'p str>, InsufficientData> {
    let mut logs = Vec::new();
    for part in text.split(';').filter(|part| !part.trim().is_empty()) {
        let Some((name, named)) = part.split_once(':') else {
            let message = format!("has {part:?}, expected an engine, a colon and its logs");
            return Err(parameter::invalid(ADDITIONAL, message));
        };
        if engine.is_some_and(|engine| is_of(engine, name.trim())) {
            logs.extend(
                named
                    .split(',')
                    .map(str::trim)
                    .filter(|log| !log.is_empty()),
            );
        }
    }
    Ok(logs)
}
