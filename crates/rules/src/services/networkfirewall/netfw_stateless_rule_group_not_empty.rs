//! A stateless rule group without rules handles no packet, whatever its name says.
//!
//! ## Result
//! - COMPLIANT: the rule group is stateless and has at least one rule.
//! - NON_COMPLIANT: it is stateless and has none.
//! - NOT_APPLICABLE: the rule group is stateful.
//! - INSUFFICIENT_DATA: the rule group was not read, or is of neither type.
//!
//! ## What to do
//! Give the rule group rules, or take it out of its policies and delete it.
//!
//! ## Source
//! AWS Config developer guide, managed rule `netfw-stateless-rule-group-not-empty`.

use crate::predicates::unread;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "netfw-stateless-rule-group-not-empty",
    identifier: Identifier::FromId,
    version: 1,
    title: "Stateless rule groups of Network Firewall hold rules",
    resource_types: &[ResourceType::NetworkFirewallRuleGroup],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(KIND), own(RULES)],
    severity: Severity::Medium,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const KIND: Path = path("configuration.ruleGroupResponse.type");
const RULES: Path =
    path("configuration.ruleGroup.rulesSource.statelessRulesAndCustomActions.statelessRules");

fn check<'a>(group: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    match group.text(KIND)? {
        Some("STATELESS") => {}
        Some("STATEFUL") => {
            let because = "the rule is for stateless rule groups";
            return Ok(Evaluation::not_applicable(KIND, "STATEFUL", because));
        }
        Some(other) => return Err(unread::malformed(KIND, other, "STATELESS or STATEFUL")),
        None => return Err(unread::not_collected(KIND)),
    }
    if group.list(RULES)?.is_empty() {
        let expected = "at least one rule";
        return Ok(Evaluation::non_compliant(RULES, "empty", expected));
    }
    Ok(Evaluation::compliant(RULES, "not empty"))
}
