//! A snapshot without the tags of its cluster has no owner, and no policy that goes by tags protects
//! it.
//!
//! ## Result
//! - COMPLIANT: `copyTagsToSnapshot` is `true`.
//! - NON_COMPLIANT: it is `false` or not set.
//! - NOT_APPLICABLE: the cluster's engine is not `neptune`.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! ## What to do
//! Turn the copying of tags on; it holds for the snapshots that are made from then on. Tag the older
//! ones by hand.
//!
//! ## Source
//! AWS Config developer guide, managed rule `neptune-cluster-copy-tags-to-snapshot-enabled`.

use crate::predicates::databases;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "neptune-cluster-copy-tags-to-snapshot-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Neptune clusters copy their tags to their snapshots",
    resource_types: &[ResourceType::RdsDbCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENGINE), own(COPIED)],
    severity: Severity::Low,
    category: Category::Inventory,
    remedy: Remedy::Steps,
    check,
};

const ENGINE: Path = path("configuration.engine");
const COPIED: Path = path("configuration.copyTagsToSnapshot");

fn check<'a>(cluster: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    if let Some(evaluation) = databases::of_another_engine(cluster, ENGINE, "neptune")? {
        return Ok(evaluation);
    }
    let copied = cluster.boolean(COPIED)?;
    if copied != Some(true) {
        return Ok(Evaluation::non_compliant(COPIED, copied, true));
    }
    Ok(Evaluation::compliant(COPIED, copied))
}
