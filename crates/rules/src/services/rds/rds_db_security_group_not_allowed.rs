//! DB security groups belong to databases outside a VPC, which nobody can separate from the
//! internet as well as a VPC can.
//!
//! ## Result
//! - COMPLIANT: `dBSecurityGroupName` is `default`.
//! - NON_COMPLIANT: the group has another name, or none is set.
//! - INSUFFICIENT_DATA: the group was not read.
//!
//! ## What to do
//! Move the databases into a VPC, where EC2 security groups guard them, and delete the DB security
//! group.
//!
//! ## Source
//! AWS Config developer guide, managed rule `rds-db-security-group-not-allowed`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "rds-db-security-group-not-allowed",
    identifier: Identifier::FromId,
    version: 1,
    title: "Only the default DB security group exists",
    resource_types: &[ResourceType::RdsDbSecurityGroup],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(NAME)],
    severity: Severity::Medium,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const NAME: Path = path("configuration.dBSecurityGroupName");

fn check<'a>(group: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let name = group.text(NAME)?;
    if name != Some("default") {
        return Ok(Evaluation::non_compliant(NAME, name, "default"));
    }
    Ok(Evaluation::compliant(NAME, name))
}
