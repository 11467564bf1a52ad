//! IAM authentication replaces passwords that are kept and leaked by tokens that expire.
//!
//! ## Result
//! - COMPLIANT: `iamdatabaseAuthenticationEnabled` is `true`.
//! - NON_COMPLIANT: it is `false` or not set. AWS's page excepts no engine, so DocumentDB and
//!   Neptune clusters are judged too.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! ## What to do
//! Turn IAM authentication on, make database users that use it, and give the applications' roles
//! the permission `rds-db:connect`. Passwords go on working beside it.
//!
//! ## Source
//! AWS Config developer guide, managed rule `rds-cluster-iam-authentication-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "rds-cluster-iam-authentication-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "RDS clusters accept IAM authentication",
    resource_types: &[ResourceType::RdsDbCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(IAM)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const IAM: Path = path("configuration.iamdatabaseAuthenticationEnabled");

fn check<'a>(cluster: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let iam = cluster.boolean(IAM)?;
    if iam != Some(true) {
        return Ok(Evaluation::non_compliant(IAM, iam, true));
    }
    Ok(Evaluation::compliant(IAM, iam))
}
