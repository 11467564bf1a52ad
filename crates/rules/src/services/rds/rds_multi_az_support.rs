//! A standby in another Availability Zone takes over within minutes; without one, the database is
//! gone while its zone is.
//!
//! ## Result
//! - COMPLIANT: `multiAZ` is `true`.
//! - NON_COMPLIANT: it is `false` or not set.
//! - NOT_APPLICABLE: the engine is Aurora, DocumentDB or Neptune: the cluster decides there.
//! - INSUFFICIENT_DATA: the instance was not read.
//!
//! ## What to do
//! Turn Multi-AZ on. It doubles the price of the instance, and the first copy slows writes: choose
//! a quiet hour.
//!
//! ## Source
//! AWS Config developer guide, managed rule `rds-multi-az-support`.

use crate::predicates::databases;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "rds-multi-az-support",
    identifier: Identifier::FromId,
    version: 1,
    title: "RDS instances have a standby in another Availability Zone",
    resource_types: &[ResourceType::RdsDbInstance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENGINE), own(MULTI_AZ)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableMultiAZOnRDSInstance"),
    check,
};

const ENGINE: Path = path("configuration.engine");
const MULTI_AZ: Path = path("configuration.multiAZ");

fn check<'a>(instance: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let engine = instance.text(ENGINE)?;
    if engine.is_some_and(databases::is_clustered) {
        let because = "the cluster decides where its instances run";
        return Ok(Evaluation::not_applicable(ENGINE, engine, because));
    }
    let multi_az = instance.boolean(MULTI_AZ)?;
    if multi_az != Some(true) {
        return Ok(Evaluation::non_compliant(MULTI_AZ, multi_az, true));
    }
    Ok(Evaluation::compliant(MULTI_AZ, multi_az))
}
