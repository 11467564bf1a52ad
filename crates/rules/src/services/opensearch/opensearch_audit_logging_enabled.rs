//! The audit log says who asked a domain for what, and who was refused.
//!
//! ## Result
//! - COMPLIANT: the domain publishes its audit log; to a log group that
//!   `cloudWatchLogsLogGroupArnList` names, where it does.
//! - NON_COMPLIANT: it doesn't, or to another log group.
//! - INSUFFICIENT_DATA: the domain's logs were not read.
//!
//! ## What to do
//! Turn fine-grained access control on, let the service write to a log group of CloudWatch Logs,
//! publish the audit log to it, and turn auditing on in OpenSearch Dashboards.
//!
//! ## Source
//! AWS Config developer guide, managed rule `opensearch-audit-logging-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "opensearch-audit-logging-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "OpenSearch domains publish their audit log",
    resource_types: &[ResourceType::OpenSearchDomain],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: GROUPS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(ENABLED), own(GROUP)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const ENABLED: Path = path("configuration.LogPublishingOptions.AUDIT_LOGS.Enabled");
const GROUP: Path = path("configuration.LogPublishingOptions.AUDIT_LOGS.CloudWatchLogsLogGroupArn");

const GROUPS: &str = "cloudWatchLogsLogGroupArnList";

fn check<'a>(domain: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let enabled = domain.boolean(ENABLED)?;
    if enabled != Some(true) {
        return Ok(Evaluation::non_compliant(ENABLED, enabled, true));
    }
    let wanted = params.list(GROUPS);
    if !wanted.is_empty() {
        let group = domain.text(GROUP)?;
        let is_wanted = |group| wanted.iter().any(|one| bare(one) == bare(group));
        if !group.is_some_and(is_wanted) {
            let expected = wanted.join(" or ");
            return Ok(Evaluation::non_compliant(GROUP, group, expected));
        }
    }
    Ok(Evaluation::compliant(ENABLED, enabled))
}

/// A log group's ARN without `:*`, with which it stands for the streams in it.
fn bare(arn: &str) -> &str {
    arn.strip_suffix(":*").unwrap_or(arn)
}
