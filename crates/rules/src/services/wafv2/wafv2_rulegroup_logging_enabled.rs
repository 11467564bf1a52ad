//! Without metrics nobody sees what a rule group blocks, nor what it lets through.
//!
//! ## Result
//! - COMPLIANT: the rule group has rules and sends metrics to CloudWatch.
//! - NON_COMPLIANT: the rule group has rules and sends no metrics.
//! - NOT_APPLICABLE: the rule group has no rules.
//! - INSUFFICIENT_DATA: the rules or the setting were not read.
//!
//! ## What to do
//! Turn on CloudWatch metrics in the rule group's visibility configuration; it takes effect at
//! once.
//!
//! ## Source
//! AWS Config developer guide, managed rule `wafv2-rulegroup-logging-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "wafv2-rulegroup-logging-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "WAF rule groups send metrics to CloudWatch",
    resource_types: &[ResourceType::WaFv2RuleGroup],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(RULES), own(METRICS)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const RULES: Path = path("configuration.rules");
const METRICS: Path = path("configuration.visibilityConfig.cloudWatchMetricsEnabled");

fn check<'a>(group: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    if group.list(RULES)?.is_empty() {
        let because = "the rule group has no rules";
        return Ok(Evaluation::not_applicable(RULES, "empty", because));
    }
    let metrics = group.boolean(METRICS)?;
    if metrics != Some(true) {
        return Ok(Evaluation::non_compliant(METRICS, metrics, true));
    }
    Ok(Evaluation::compliant(METRICS, metrics))
}
