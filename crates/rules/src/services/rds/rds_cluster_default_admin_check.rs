//! A default administrator name is half of what a guesser of passwords needs.
//!
//! ## Result
//! - COMPLIANT: `masterUsername` is none of the defaults, and one of `validAdminUserNames` where
//!   they are given.
//! - NON_COMPLIANT: the name is `admin` or `postgres`, which the parameter can't allow, is not set,
//!   or is not among the names that are given.
//! - NOT_APPLICABLE: the engine is `docdb` or `neptune`: the rule is for RDS.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! ## What to do
//! The name can't be changed: make a new cluster with another administrator, and move the data.
//!
//! ## Source
//! AWS Config developer guide, managed rule `rds-cluster-default-admin-check`; Security Hub user
//! guide, control RDS.24, for the engines.

use crate::predicates::default_names::own_name;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "rds-cluster-default-admin-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "RDS clusters have an administrator name of their own",
    resource_types: &[ResourceType::RdsDbCluster],
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

fn check<'a>(cluster: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let engine = cluster.text(ENGINE)?;
    if matches!(engine, Some("docdb" | "neptune")) {
        let because = "the rule is for RDS";
        return Ok(Evaluation::not_applicable(ENGINE, engine, because));
    }
    own_name(cluster, ADMIN, &DEFAULTS, params.list(VALID))
}
