//! A default administrator name is half of what a guesser of passwords needs.
//!
//! ## Result
//! - COMPLIANT: `masterUsername` is none of the defaults, and one of `validAdminUserNames` where
//!   they are given.
//! - NON_COMPLIANT: the name is `admin` or `postgres`, which the parameter can't allow, is not set,
//!   or is not among the names that are given.
//! - NOT_APPLICABLE: the engine is `docdb` or `neptune`: the rule is for RDS.
//! - INSUFFICIENT_DATA: the instance was not read.
//!
//! ## What to do
//! The name can't be changed: restore a snapshot into an instance that is made with another name,
//! or make a new one and move the data.
//!
//! ## Source
//! AWS Config developer guide, managed rule `rds-instance-default-admin-check`.

use crate::predicates::default_names::own_name;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "rds-instance-default-admin-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "RDS instances have an administrator name of their own",
    resource_types: &[ResourceType::RdsDbInstance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: VALID,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(ENGINE), own(ADMIN)],
    severity: Severity::Medium,
    category: Category::ResourceConfiguration,
    remedy: Remedy::Steps,
    check,
};

const ENGINE: Path = path("configuration.engine");
const ADMIN: Path = path("configuration.masterUsername");

const VALID: &str = "validAdminUserNames";

const DEFAULTS: [&str; 2] = ["admin", "postgres"];

fn check<'a>(instance: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let engine = instance.text(ENGINE)?;
    if matches!(engine, Some("docdb" | "neptune")) {
        return Ok(Evaluation::not_applicable(
            ENGINE,
            engine,
            "the rule is for RDS",
        ));
    }
    own_name(instance, ADMIN, &DEFAULTS, params.list(VALID))
}
