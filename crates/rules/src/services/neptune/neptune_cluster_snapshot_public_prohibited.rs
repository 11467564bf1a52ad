//! A snapshot that is shared with `all` is a copy of the database for every AWS account there is.
//!
//! ## Result
//! - COMPLIANT: the manual snapshot's attribute `restore` does not hold `all`.
//! - NON_COMPLIANT: the attribute `restore` holds `all`; whatever type the snapshot is of, since
//!   public is public.
//! - NOT_APPLICABLE: the snapshot's engine is not `neptune`, or the snapshot is not manual.
//! - INSUFFICIENT_DATA: the snapshot or its attributes were not read, or the attributes lack
//!   `restore`, which AWS always names.
//!
//! ## What to do
//! Take `all` out of the attribute `restore` at once, and treat the data as disclosed: AWS does not
//! tell who has copied the snapshot. Name the accounts that need it.
//!
//! ## Source
//! AWS Config developer guide, managed rule `neptune-cluster-snapshot-public-prohibited`.

use crate::predicates::databases;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "neptune-cluster-snapshot-public-prohibited",
    identifier: Identifier::FromId,
    version: 1,
    title: "Neptune snapshots can't be restored by everybody",
    resource_types: &[ResourceType::RdsDbClusterSnapshot],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENGINE), own(ATTRIBUTES), own(TYPE)],
    severity: Severity::Critical,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const ENGINE: Path = path("configuration.engine");
const ATTRIBUTES: Path = path("supplementaryConfiguration.DBClusterSnapshotAttributes");
const TYPE: Path = path("configuration.snapshotType");

fn check<'a>(snapshot: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    databases::judge_exposure(snapshot, [ENGINE, ATTRIBUTES, TYPE], "neptune")
}
