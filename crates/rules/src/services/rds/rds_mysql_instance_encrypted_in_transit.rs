//! A client that may connect without TLS sends its rows in the clear.
//!
//! ## Result
//! - COMPLIANT: the instance's parameter group sets `require_secure_transport` to 1, and the instance runs with
//!   it: the group's status is `in-sync`.
//! - NON_COMPLIANT: the group is not in sync, or sets the parameter to something else, or has none
//!   such.
//! - NOT_APPLICABLE: the instance's engine is not `mysql`, or the instance is part of a cluster.
//! - INSUFFICIENT_DATA: the instance or its group's parameters were not read; AWS Config does not
//!   record them.
//!
//! ## What to do
//! Set `require_secure_transport` to 1 in a parameter group of your own and give it to the instance;
//! a change of the group takes a reboot. Clients that don't speak TLS are refused from then on.
//!
//! ## Source
//! AWS Config developer guide, managed rule `rds-mysql-instance-encrypted-in-transit`.

use crate::predicates::database_tls::{self, CLUSTER, ENGINE, GROUPS, PARAMETERS};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "rds-mysql-instance-encrypted-in-transit",
    identifier: Identifier::FromId,
    version: 1,
    title: "RDS for MySQL instances accept connections with TLS only",
    resource_types: &[ResourceType::RdsDbInstance],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENGINE), own(CLUSTER), own(GROUPS), own(PARAMETERS)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

fn check<'a>(instance: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    database_tls::judge(instance, "mysql", "require_secure_transport")
}
