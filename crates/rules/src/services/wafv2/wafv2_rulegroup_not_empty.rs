//! A rule group without rules stops nothing, whatever its name says.
//!
//! ## Result
//! - COMPLIANT: the rule group has at least one rule.
//! - NON_COMPLIANT: it has none.
//! - INSUFFICIENT_DATA: the rule group's rules were not read.
//!
//! ## What to do
//! Add the rules that the group is named for, or delete it.
//!
//! ## Source
//! AWS Config developer guide, managed rule `wafv2-rulegroup-not-empty`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "wafv2-rulegroup-not-empty",
    identifier: Identifier::FromId,
    version: 1,
    title: "WAF rule groups hold rules",
    resource_types: &[ResourceType::WaFv2RuleGroup],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(RULES)],
    severity: Severity::Medium,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const RULES: Path = path("configuration.rules");

fn check<'a>(rule_group: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let is_empty = rule_group.list(RULES)?.is_empty();
    if is_empty {
        return Ok(Evaluation::non_compliant(
            RULES,
            "empty",
            "at least one rule",
        ));
    }
    Ok(Evaluation::compliant(RULES, "not empty"))
}
