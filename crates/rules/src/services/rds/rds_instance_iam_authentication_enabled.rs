//! IAM authentication replaces passwords that are kept and leaked by tokens that expire.
//!
//! ## Result
//! - COMPLIANT: `iAMDatabaseAuthenticationEnabled` is `true`.
//! - NON_COMPLIANT: it is `false` or not set.
//! - NOT_APPLICABLE: the engine is none of `mysql`, `postgres`, `aurora`, `aurora-mysql` and
//!   `aurora-postgresql`, or the instance is in none of the states `available`, `backing-up`,
//!   `storage-optimization` and `storage-full`.
//! - INSUFFICIENT_DATA: the instance was not read.
//!
//! ## What to do
//! Turn IAM authentication on, make database users that use it, and give the applications' roles
//! the permission `rds-db:connect`. Passwords go on working beside it.
//!
//! ## Source
//! AWS Config developer guide, managed rule `rds-instance-iam-authentication-enabled`.

use crate::predicates::databases;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "rds-instance-iam-authentication-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "RDS instances accept IAM authentication",
    resource_types: &[ResourceType::RdsDbInstance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENGINE), own(STATUS), own(IAM)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const ENGINE: Path = path("configuration.engine");
const STATUS: Path = path("configuration.dBInstanceStatus");
const IAM: Path = path("configuration.iAMDatabaseAuthenticationEnabled");

const ENGINES: [&str; 5] = [
    "mysql",
    "postgres",
    "aurora",
    "aurora-mysql",
    "aurora-postgresql",
];

fn check<'a>(instance: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let engine = instance.text(ENGINE)?;
    if !engine.is_some_and(|engine| ENGINES.contains(&engine)) {
        let because = format!("the rule is for {}", ENGINES.join(", "));
        return Ok(Evaluation::not_applicable(ENGINE, engine, because));
    }
    let status = instance.text(STATUS)?;
    if !status.is_some_and(databases::is_running) {
        return Ok(Evaluation::not_applicable(
            STATUS,
            status,
            "the instance is not running",
        ));
    }
    let iam = instance.boolean(IAM)?;
    if iam != Some(true) {
        return Ok(Evaluation::non_compliant(IAM, iam, true));
    }
    Ok(Evaluation::compliant(IAM, iam))
}
