//! A default administrator name is half of what a guesser of passwords needs.
//!
//! ## Result
//! - COMPLIANT: `masterUsername` is not `awsuser`, and one of `validAdminUserNames` where they are
//!   given.
//! - NON_COMPLIANT: the name is `awsuser`, which the parameter can't allow, is not set, or is not
//!   among the names that are given.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! ## What to do
//! The name can't be changed: make a new cluster with another administrator, and move the data.
//!
//! ## Source
//! AWS Config developer guide, managed rule `redshift-default-admin-check`.

use crate::predicates::default_names::own_name;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "redshift-default-admin-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Redshift clusters have an administrator name of their own",
    resource_types: &[ResourceType::RedshiftCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: VALID,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(ADMIN)],
    severity: Severity::Medium,
    category: Category::ResourceConfiguration,
    remedy: Remedy::Steps,
    check,
};

const ADMIN: Path = path("configuration.masterUsername");

const VALID: &str = "validAdminUserNames";

const DEFAULT: &str = "awsuser";

fn check<'a>(cluster: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    own_name(cluster, ADMIN, &[DEFAULT], params.list(VALID))
}
