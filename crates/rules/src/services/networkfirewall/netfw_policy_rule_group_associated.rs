//! A policy without rule groups inspects nothing: its default actions decide on every packet.
//!
//! ## Result
//! - COMPLIANT: the policy refers to at least one rule group, stateful or stateless.
//! - NON_COMPLIANT: it refers to none.
//! - INSUFFICIENT_DATA: the policy was not read.
//!
//! ## What to do
//! Associate a stateful or a stateless rule group with the policy; AWS's managed ones are a start.
//!
//! ## Source
//! AWS Config developer guide, managed rule `netfw-policy-rule-group-associated`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "netfw-policy-rule-group-associated",
    identifier: Identifier::FromId,
    version: 1,
    title: "Network Firewall policies have rule groups",
    resource_types: &[ResourceType::NetworkFirewallFirewallPolicy],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(STATEFUL), own(STATELESS)],
    severity: Severity::Medium,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const STATEFUL: Path = path("configuration.firewallPolicy.statefulRuleGroupReferences");
const STATELESS: Path = path("configuration.firewallPolicy.statelessRuleGroupReferences");

fn check<'a>(policy: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    for groups in [STATEFUL, STATELESS] {
        if !policy.list(groups)?.is_empty() {
            return Ok(Evaluation::compliant(groups, "not empty"));
        }
    }
    let expected = "at least one stateful or stateless rule group";
    Ok(Evaluation::non_compliant(STATEFUL, "empty", expected))
}
