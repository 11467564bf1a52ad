//! A database with a public address can be reached, and attacked, from anywhere.
//!
//! ## Result
//! - COMPLIANT: `publiclyAccessible` is `false`.
//! - NON_COMPLIANT: `publiclyAccessible` is `true`.
//! - INSUFFICIENT_DATA: `publiclyAccessible` was not read, or is not set: RDS always sets it.
//!
//! ## What to do
//! Turn public access off, and reach the instance from inside its VPC or through a VPN.
//!
//! ## Source
//! AWS Config developer guide, managed rule `rds-instance-public-access-check`.

use crate::predicates::unread::recorded_boolean;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "rds-instance-public-access-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "RDS instances have no public address",
    resource_types: &[ResourceType::RdsDbInstance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(PUBLICLY_ACCESSIBLE)],
    severity: Severity::Critical,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Automation("AWSConfigRemediation-DisablePublicAccessToRDSInstance"),
    check,
};

const PUBLICLY_ACCESSIBLE: Path = path("configuration.publiclyAccessible");

fn check<'a>(instance: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let publicly_accessible = recorded_boolean(instance, PUBLICLY_ACCESSIBLE)?;
    if publicly_accessible {
        return Ok(Evaluation::non_compliant(
            PUBLICLY_ACCESSIBLE,
            publicly_accessible,
            false,
        ));
    }
    Ok(Evaluation::compliant(
        PUBLICLY_ACCESSIBLE,
        publicly_accessible,
    ))
}
