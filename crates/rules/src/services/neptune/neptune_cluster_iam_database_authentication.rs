//! Without IAM authentication, whoever reaches the port may read and write the graph.
//!
//! ## Result
//! - COMPLIANT: `iamdatabaseAuthenticationEnabled` is `true`.
//! - NON_COMPLIANT: it is `false` or not set.
//! - NOT_APPLICABLE: the cluster's engine is not `neptune`.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! ## What to do
//! Give the applications' roles the permission to connect and make them sign their requests first;
//! then turn IAM authentication on, since unsigned requests fail from that moment.
//!
//! ## Source
//! AWS Config developer guide, managed rule `neptune-cluster-iam-database-authentication`.

use crate::predicates::databases;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "neptune-cluster-iam-database-authentication",
    identifier: Identifier::FromId,
    version: 1,
    title: "Neptune clusters authenticate with IAM",
    resource_types: &[ResourceType::RdsDbCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENGINE), own(IAM)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const ENGINE: Path = path("configuration.engine");
const IAM: Path = path("configuration.iamdatabaseAuthenticationEnabled");

fn check<'a>(cluster: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    if let Some(evaluation) = databases::of_another_engine(cluster, ENGINE, "neptune")? {
        return Ok(evaluation);
    }
    let iam = cluster.boolean(IAM)?;
    if iam != Some(true) {
        return Ok(Evaluation::non_compliant(IAM, iam, true));
    }
    Ok(Evaluation::compliant(IAM, iam))
}
