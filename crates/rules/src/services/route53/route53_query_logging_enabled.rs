//! Who asked for which name shows tunnels and mistakes; without a log nobody knows.
//!
//! ## Result
//! - COMPLIANT: the hosted zone's queries are logged to a log group.
//! - NON_COMPLIANT: they are not.
//! - NOT_APPLICABLE: the hosted zone is private: it has VPCs.
//! - INSUFFICIENT_DATA: the hosted zone, its VPCs or its query logging were not read.
//!
//! ## What to do
//! Make a log group in us-east-1, let Route 53 write to it by a resource policy, and configure query
//! logging of the zone to it.
//!
//! ## Source
//! AWS Config developer guide, managed rule `route53-query-logging-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "route53-query-logging-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Public hosted zones of Route 53 log their queries",
    resource_types: &[ResourceType::Route53HostedZone],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(VPCS), own(LOGGING)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const VPCS: Path = path("configuration.VPCs");
const LOGGING: Path = path("configuration.QueryLoggingConfig.CloudWatchLogsLogGroupArn");

fn check<'a>(zone: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    if !zone.list(VPCS)?.is_empty() {
        let because = "the rule is for public hosted zones";
        return Ok(Evaluation::not_applicable(VPCS, "private", because));
    }
    let group = zone.node(LOGGING)?;
    if group.is_none_or(|group| group == Node::Null) {
        return Ok(Evaluation::non_compliant(LOGGING, group, "a log group"));
    }
    Ok(Evaluation::compliant(LOGGING, group))
}
