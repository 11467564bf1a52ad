//! A data warehouse with a public address can be reached, and attacked, from anywhere.
//!
//! ## Result
//! - COMPLIANT: `publiclyAccessible` is `false`.
//! - NON_COMPLIANT: `publiclyAccessible` is `true`.
//! - INSUFFICIENT_DATA: `publiclyAccessible` was not read, or is not set: Redshift always sets it.
//!
//! ## What to do
//! Turn public access off, and reach the cluster from inside its VPC.
//!
//! ## Source
//! AWS Config developer guide, managed rule `redshift-cluster-public-access-check`.

use crate::predicates::unread::recorded_boolean;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "redshift-cluster-public-access-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Redshift clusters have no public address",
    resource_types: &[ResourceType::RedshiftCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(PUBLICLY_ACCESSIBLE)],
    severity: Severity::Critical,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Automation("AWSConfigRemediation-DisablePublicAccessToRedshiftCluster"),
    check,
};

const PUBLICLY_ACCESSIBLE: Path = path("configuration.publiclyAccessible");

fn check<'a>(cluster: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let publicly_accessible = recorded_boolean(cluster, PUBLICLY_ACCESSIBLE)?;
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
