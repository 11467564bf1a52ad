//! The logs of a cluster's control plane say who did what to it.
//!
//! ## Result
//! - COMPLIANT: all five types of log are enabled: `api`, `audit`, `authenticator`,
//!   `controllerManager`, `scheduler`.
//! - NON_COMPLIANT: one of them is not.
//! - INSUFFICIENT_DATA: the cluster's logging was not read.
//!
//! ## What to do
//! Turn the missing types on. They go to CloudWatch Logs, which bills what it takes in; set how
//! long the log group keeps them.
//!
//! ## Source
//! AWS Config developer guide, managed rule `eks-cluster-logging-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "eks-cluster-logging-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "EKS clusters write all logs of their control plane",
    resource_types: &[ResourceType::EksCluster],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(LOGGING)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const LOGGING: Path = path("configuration.Logging.ClusterLogging.EnabledTypes[*].Type");

const TYPES: [&str; 5] = [
    "api",
    "audit",
    "authenticator",
    "controllerManager",
    "scheduler",
];

fn check<'a>(cluster: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let enabled = cluster.each(LOGGING)?;
    let is_enabled = |wanted: &str| enabled.iter().any(|kind| kind.as_text() == Some(wanted));
    let missing: Vec<&str> = TYPES.into_iter().filter(|kind| !is_enabled(kind)).collect();
    if !missing.is_empty() {
        let found = format!("without {}", missing.join(", "));
        return Ok(Evaluation::non_compliant(LOGGING, found, "all five types"));
    }
    Ok(Evaluation::compliant(LOGGING, "all five types"))
}
