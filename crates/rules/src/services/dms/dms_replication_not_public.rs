//! A replication instance holds the credentials of two databases; with a public address anybody can
//! try to reach it.
//!
//! ## Result
//! - COMPLIANT: `PubliclyAccessible` is `false`.
//! - NON_COMPLIANT: `PubliclyAccessible` is `true`.
//! - INSUFFICIENT_DATA: `PubliclyAccessible` was not read, or is not set: DMS always sets it.
//!
//! ## What to do
//! The setting can't be changed: make a private replication instance in the same VPC, move the
//! tasks to it, and delete the public one.
//!
//! ## Source
//! AWS Config developer guide, managed rule `dms-replication-not-public`.

use crate::predicates::unread::recorded_boolean;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "dms-replication-not-public",
    identifier: Identifier::FromId,
    version: 1,
    title: "DMS replication instances have no public address",
    resource_types: &[ResourceType::DmsReplicationInstance],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(PUBLIC)],
    severity: Severity::Critical,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const PUBLIC: Path = path("configuration.PubliclyAccessible");

fn check<'a>(instance: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let public = recorded_boolean(instance, PUBLIC)?;
    if public {
        return Ok(Evaluation::non_compliant(PUBLIC, public, false));
    }
    Ok(Evaluation::compliant(PUBLIC, public))
}
