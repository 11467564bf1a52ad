//! Container Insights says what the tasks of a cluster use and why they stop; without it, nobody
//! knows afterwards.
//!
//! ## Result
//! - COMPLIANT: the cluster's setting `containerInsights` is `enabled`, or `enhanced`, which is
//!   more.
//! - NON_COMPLIANT: it is anything else, or the cluster doesn't have it.
//! - INSUFFICIENT_DATA: the cluster's settings were not read.
//!
//! ## What to do
//! Turn Container Insights on for the cluster, and for the account, so that new clusters have it.
//! Its metrics and logs are billed by CloudWatch.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ecs-container-insights-enabled`.

use crate::predicates::unread;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ecs-container-insights-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "ECS clusters have Container Insights",
    resource_types: &[ResourceType::EcsCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(SETTINGS)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const SETTINGS: Path = path("configuration.ClusterSettings");

fn check<'a>(cluster: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let mut insights = None;
    for setting in cluster.list(SETTINGS)? {
        if unread::text(SETTINGS, *setting, "Name")? == Some("containerInsights") {
            insights = unread::text(SETTINGS, *setting, "Value")?;
        }
    }
    if !matches!(insights, Some("enabled" | "enhanced")) {
        let found = insights.map(|value| format!("containerInsights {value}"));
        let expected = "containerInsights enabled or enhanced";
        return Ok(Evaluation::non_compliant(SETTINGS, found, expected));
    }
    Ok(Evaluation::compliant(SETTINGS, insights))
}
