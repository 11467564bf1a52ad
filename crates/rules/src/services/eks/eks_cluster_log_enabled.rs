//! The logs of a cluster's control plane say who did what to it.
//!
//! ## Result
//! - COMPLIANT: every type of log that `logTypes` names is enabled; where it is not given, any one.
//! - NON_COMPLIANT: one that is named is not enabled; where none is named, none is.
//! - INSUFFICIENT_DATA: the cluster's logging was not read, or `logTypes` names something else than
//!   `api`, `audit`, `authenticator`, `controllerManager` and `scheduler`.
//!
//! ## What to do
//! Turn the missing types on. They go to CloudWatch Logs, which bills what it takes in; set how
//! long the log group keeps them.
//!
//! ## Source
//! AWS Config developer guide, managed rule `eks-cluster-log-enabled`.

use crate::predicates::parameter;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "eks-cluster-log-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "EKS clusters write the logs of their control plane that are asked for",
    resource_types: &[ResourceType::EksCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: LOG_TYPES,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(LOGGING)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const LOGGING: Path = path("configuration.Logging.ClusterLogging.EnabledTypes[*].Type");

const LOG_TYPES: &str = "logTypes";

const TYPES: [&str; 5] = [
    "api",
    "audit",
    "authenticator",
    "controllerManager",
    "scheduler",
];

fn check<'a>(cluster: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let wanted = params.list(LOG_TYPES);
    if let Some(unknown) = wanted.iter().find(|kind| !TYPES.contains(&kind.as_str())) {
        let message = format!("holds {unknown:?}, expected {}", TYPES.join(", "));
        return Err(parameter::invalid(LOG_TYPES, message));
    }
    let enabled = cluster.each(LOGGING)?;
    let enabled: Vec<&str> = enabled.iter().filter_map(|kind| kind.as_text()).collect();
    if enabled.is_empty() {
        let expected = match wanted {
            [] => "a type of log".to_owned(),
            wanted => wanted.join(", "),
        };
        return Ok(Evaluation::non_compliant(LOGGING, None::<&str>, expected));
    }
    let missing = wanted.iter().map(String::as_str);
    let missing: Vec<&str> = missing.filter(|kind| !enabled.contains(kind)).collect();
    let found = enabled.join(", ");
    if !missing.is_empty() {
        let expected = format!("{} too", missing.join(", "));
        return Ok(Evaluation::non_compliant(LOGGING, found, expected));
    }
    Ok(Evaluation::compliant(LOGGING, found))
}
