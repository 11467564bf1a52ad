//! Deletion protection makes deleting a cluster, with all its data, two deliberate steps.
//!
//! ## Result
//! - COMPLIANT: `deletionProtection` is `true`.
//! - NON_COMPLIANT: it is `false` or not set.
//! - NOT_APPLICABLE: the cluster's engine is not `neptune`.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! ## What to do
//! Turn deletion protection on; it takes effect at once and needs no restart.
//!
//! ## Source
//! AWS Config developer guide, managed rule `neptune-cluster-deletion-protection-enabled`.

use crate::predicates::databases;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "neptune-cluster-deletion-protection-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Neptune clusters are protected from deletion",
    resource_types: &[ResourceType::RdsDbCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENGINE), own(PROTECTION)],
    severity: Severity::Low,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const ENGINE: Path = path("configuration.engine");
const PROTECTION: Path = path("configuration.deletionProtection");

fn check<'a>(cluster: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    if let Some(evaluation) = databases::of_another_engine(cluster, ENGINE, "neptune")? {
        return Ok(evaluation);
    }
    let protection = cluster.boolean(PROTECTION)?;
    if protection != Some(true) {
        return Ok(Evaluation::non_compliant(PROTECTION, protection, true));
    }
    Ok(Evaluation::compliant(PROTECTION, protection))
}
