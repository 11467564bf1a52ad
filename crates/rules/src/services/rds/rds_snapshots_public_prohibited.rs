//! A snapshot that is shared with `all` is a copy of the database for every AWS account there is.
//!
//! ## Result
//! - COMPLIANT: the snapshot's attribute `restore` does not hold `all`.
//! - NON_COMPLIANT: it does.
//! - INSUFFICIENT_DATA: the snapshot's attributes were not read, or lack `restore`, which RDS always
//!   names.
//!
//! ## What to do
//! Take `all` out of the attribute `restore` at once, and treat the data as disclosed: AWS does not
//! tell who has copied the snapshot. Name the accounts that need it.
//!
//! ## Source
//! AWS Config developer guide, managed rule `rds-snapshots-public-prohibited`.

use crate::predicates::databases;
use crate::predicates::unread::not_collected;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "rds-snapshots-public-prohibited",
    identifier: Identifier::FromId,
    version: 1,
    title: "RDS snapshots can't be restored by everybody",
    resource_types: &[
        ResourceType::RdsDbSnapshot,
        ResourceType::RdsDbClusterSnapshot,
    ],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ATTRIBUTES), own(CLUSTER_ATTRIBUTES)],
    severity: Severity::Critical,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Automation("ASR-MakeRDSSnapshotPrivate"),
    check,
};

const ATTRIBUTES: Path = path("supplementaryConfiguration.DBSnapshotAttributes");
const CLUSTER_ATTRIBUTES: Path = path("supplementaryConfiguration.DBClusterSnapshotAttributes");

fn check<'a>(snapshot: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let place = match snapshot.resource_type() {
        Some(ResourceType::RdsDbClusterSnapshot) => CLUSTER_ATTRIBUTES,
        _ => ATTRIBUTES,
    };
    match databases::is_restorable_by_everybody(snapshot, place)? {
        Some(true) => Ok(databases::restorable_by_everybody(place)),
        Some(false) => Ok(Evaluation::compliant(place, "not restorable by all")),
        None => Err(not_collected(place)),
    }
}
