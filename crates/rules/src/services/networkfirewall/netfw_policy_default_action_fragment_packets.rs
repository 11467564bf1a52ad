//! Fragments that match no rule take the default action; `aws:pass` lets them in uninspected.
//!
//! ## Result
//! - COMPLIANT: the policy's default action for fragmented packets is one that
//!   `statelessFragmentDefaultActions` names.
//! - NON_COMPLIANT: it is another, or there is none.
//! - INSUFFICIENT_DATA: the default actions were not read, or the parameter, which AWS requires,
//!   has no value.
//!
//! A custom action may stand beside the default one: it publishes metrics and decides nothing.
//!
//! ## What to do
//! Set the default action to `aws:drop` or `aws:forward_to_sfe`, and give what must pass a rule.
//!
//! ## Source
//! AWS Config developer guide, managed rule `netfw-policy-default-action-fragment-packets`.

use crate::predicates::{firewall, lists};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "netfw-policy-default-action-fragment-packets",
    identifier: Identifier::FromId,
    version: 1,
    title: "Network Firewall policies meet unmatched fragments with an allowed action",
    resource_types: &[ResourceType::NetworkFirewallFirewallPolicy],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: ALLOWED,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(ACTIONS)],
    severity: Severity::Medium,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const ACTIONS: Path = path("configuration.firewallPolicy.statelessFragmentDefaultActions");

const ALLOWED: &str = "statelessFragmentDefaultActions";

fn check<'a>(policy: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let allowed = params.required_list(ALLOWED)?;
    let actions = firewall::standard_actions(policy.list(ACTIONS)?);
    let found = lists::shown(&actions);
    if let Some(expected) = lists::unmet(&actions, allowed, "a default action") {
        return Ok(Evaluation::non_compliant(ACTIONS, found, expected));
    }
    Ok(Evaluation::compliant(ACTIONS, found))
}
