//! The audit log tells who queried the graph; in CloudWatch Logs it outlives the cluster and can
//! raise alarms.
//!
//! ## Result
//! - COMPLIANT: `enabledCloudwatchLogsExports` holds `audit`.
//! - NON_COMPLIANT: it does not.
//! - NOT_APPLICABLE: the cluster's engine is not `neptune`.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! ## What to do
//! Turn the audit log on in the cluster's parameter group, and choose it among the log exports of
//! the cluster.
//!
//! ## Source
//! AWS Config developer guide, managed rule `neptune-cluster-cloudwatch-log-export-enabled`.

use crate::predicates::databases;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "neptune-cluster-cloudwatch-log-export-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Neptune clusters send their audit log to CloudWatch Logs",
    resource_types: &[ResourceType::RdsDbCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENGINE), own(EXPORTS)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const ENGINE: Path = path("configuration.engine");
const EXPORTS: Path = path("configuration.enabledCloudwatchLogsExports");

fn check<'a>(cluster: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    if let Some(evaluation) = databases::of_another_engine(cluster, ENGINE, "neptune")? {
        return Ok(evaluation);
    }
    let exports = cluster.list(EXPORTS)?;
    if !exports.iter().any(|log| log.as_text() == Some("audit")) {
        let found = cluster.node(EXPORTS)?;
        return Ok(Evaluation::non_compliant(
            EXPORTS,
            found,
            "audit among them",
        ));
    }
    Ok(Evaluation::compliant(EXPORTS, "audit among them"))
}
