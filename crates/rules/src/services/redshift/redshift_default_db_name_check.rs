//! A default database name is one thing less that an intruder has to find out.
//!
//! ## Result
//! - COMPLIANT: `dBName` is not `dev`, and one of `validDatabaseNames` where they are given.
//! - NON_COMPLIANT: the name is `dev`, even where it is given, is not set, or is not among the names
//!   that are given.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! ## What to do
//! The name of a cluster's first database can't be changed: make a new cluster with another name,
//! and move the data.
//!
//! ## Source
//! AWS Config developer guide, managed rule `redshift-default-db-name-check`.

use crate::predicates::default_names::own_name;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "redshift-default-db-name-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Redshift clusters have a database name of their own",
    resource_types: &[ResourceType::RedshiftCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: VALID,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(NAME)],
    severity: Severity::Medium,
    category: Category::ResourceConfiguration,
    remedy: Remedy::Steps,
    check,
};

const NAME: Path = path("configuration.dBName");

const VALID: &str = "validDatabaseNames";

const DEFAULT: &str = "dev";

fn check<'a>(cluster: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    own_name(cluster, NAME, &[DEFAULT], params.list(VALID))
}
