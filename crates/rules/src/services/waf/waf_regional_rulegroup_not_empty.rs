//! A rule group without rules stops nothing, whatever its name says.
//!
//! ## Result
//! - COMPLIANT: the rule group has at least one rule.
//! - NON_COMPLIANT: it has none.
//! - INSUFFICIENT_DATA: the rule group's rules were not read.
//!
//! ## What to do
//! AWS ended WAF Classic on 30 September 2025: move to AWS WAF rather than fill what is empty.
//! Delete what nothing uses.
//!
//! ## Source
//! AWS Config developer guide, managed rule `waf-regional-rulegroup-not-empty`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "waf-regional-rulegroup-not-empty",
    identifier: Identifier::FromId,
    version: 1,
    title: "Regional rule groups of WAF Classic hold rules",
    resource_types: &[ResourceType::WafRegionalRuleGroup],
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
    if rule_group.list(RULES)?.is_empty() {
        let expected = "at least one rule";
        return Ok(Evaluation::non_compliant(RULES, "empty", expected));
    }
    Ok(Evaluation::compliant(RULES, "not empty"))
}
