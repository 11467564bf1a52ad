//! A cluster whose instances all run in one Availability Zone is gone while that zone is.
//!
//! ## Result
//! - COMPLIANT: `multiAZ` is `true`.
//! - NON_COMPLIANT: it is `false` or not set. AWS's page excepts no engine that the cluster may
//!   have.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! ## What to do
//! Add an instance to the cluster in another Availability Zone; a reader takes over where the
//! writer fails.
//!
//! ## Source
//! AWS Config developer guide, managed rule `rds-cluster-multi-az-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "rds-cluster-multi-az-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "RDS clusters span several Availability Zones",
    resource_types: &[ResourceType::RdsDbCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(MULTI_AZ)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Steps,
    check,
};

const MULTI_AZ: Path = path("configuration.multiAZ");

fn check<'a>(cluster: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let multi_az = cluster.boolean(MULTI_AZ)?;
    if multi_az != Some(true) {
        return Ok(Evaluation::non_compliant(MULTI_AZ, multi_az, true));
    }
    Ok(Evaluation::compliant(MULTI_AZ, multi_az))
}
