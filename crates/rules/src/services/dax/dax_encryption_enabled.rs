//! A DAX cluster keeps copies of the tables' items; encryption at rest covers what it writes to
//! disk.
//!
//! ## Result
//! - COMPLIANT: `SSEDescription.Status` is `ENABLED`.
//! - NON_COMPLIANT: the status is any other, `ENABLING` and `DISABLING` too: AWS's page asks that
//!   the cluster is encrypted.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! ## What to do
//! Encryption can only be chosen when a cluster is made: make a new cluster with it, point the
//! application there, and delete the old one.
//!
//! ## Source
//! AWS Config developer guide, managed rule `dax-encryption-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "dax-encryption-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "DAX clusters encrypt what they cache",
    resource_types: &[ResourceType::DaxCluster],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(STATUS)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const STATUS: Path = path("configuration.SSEDescription.Status");

fn check<'a>(cluster: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let status = cluster.text(STATUS)?;
    if status != Some("ENABLED") {
        return Ok(Evaluation::non_compliant(STATUS, status, "ENABLED"));
    }
    Ok(Evaluation::compliant(STATUS, status))
}
