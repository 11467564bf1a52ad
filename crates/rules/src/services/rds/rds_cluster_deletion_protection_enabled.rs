//! Deletion protection makes deleting a cluster, with all its instances, two deliberate steps.
//!
//! ## Result
//! - COMPLIANT: `deletionProtection` is `true`.
//! - NON_COMPLIANT: it is `false` or not set.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! ## What to do
//! Turn deletion protection on; it takes effect at once and needs no restart.
//!
//! ## Source
//! AWS Config developer guide, managed rule `rds-cluster-deletion-protection-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "rds-cluster-deletion-protection-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "RDS clusters are protected from deletion",
    resource_types: &[ResourceType::RdsDbCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(PROTECTION)],
    severity: Severity::Low,
    category: Category::DataProtection,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableRDSClusterDeletionProtection"),
    check,
};

const PROTECTION: Path = path("configuration.deletionProtection");

fn check<'a>(cluster: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let protection = cluster.boolean(PROTECTION)?;
    if protection != Some(true) {
        return Ok(Evaluation::non_compliant(PROTECTION, protection, true));
    }
    Ok(Evaluation::compliant(PROTECTION, protection))
}
