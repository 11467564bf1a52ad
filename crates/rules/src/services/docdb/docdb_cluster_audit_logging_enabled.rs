//! The audit log tells who signed in and who changed what; in CloudWatch Logs it outlives the
//! cluster and can raise alarms.
//!
//! ## Result
//! - COMPLIANT: `enabledCloudwatchLogsExports` holds `audit`.
//! - NON_COMPLIANT: it does not.
//! - NOT_APPLICABLE: the cluster's engine is not `docdb`.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! ## What to do
//! Turn the audit log on in the cluster's parameter group, and choose it among the log exports of
//! the cluster.
//!
//! ## Source
//! AWS Config developer guide, managed rule `docdb-cluster-audit-logging-enabled`.

use crate::predicates::databases;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "docdb-cluster-audit-logging-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "DocumentDB clusters send their audit log to CloudWatch Logs",
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
    if let Some(evaluation) = databases::of_another_engine(cluster, ENGINE, "docdb")? {
        return Ok(evaluation);
    }
    databases::judge_exports(cluster, EXPORTS, &["audit"])
}
