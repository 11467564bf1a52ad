//! An authorization rule for all clients opens a network to whoever can connect, whatever their
//! group.
//!
//! ## Result
//! - COMPLIANT: no authorization rule has `AccessAll` set to `true`.
//! - NON_COMPLIANT: an authorization rule has `AccessAll` set to `true`, in whatever state it is.
//! - INSUFFICIENT_DATA: the endpoint's authorization rules were not read. AWS Config doesn't
//!   record them.
//!
//! ## What to do
//! Give each group of clients a rule for the networks that it needs, then revoke the rule for all.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ec2-client-vpn-not-authorize-all`.

use crate::predicates::unread::boolean;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ec2-client-vpn-not-authorize-all",
    identifier: Identifier::FromId,
    version: 1,
    title: "Client VPN endpoints give no network to all clients",
    resource_types: &[ResourceType::Ec2ClientVpnEndpoint],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(RULES)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const RULES: Path =
    path("supplementaryConfiguration.DescribeClientVpnAuthorizationRules.AuthorizationRules");

fn check<'a>(endpoint: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    for rule in endpoint.list(RULES)? {
        if boolean(RULES, *rule, "AccessAll")? == Some(true) {
            let expected = "no rule that authorizes all clients";
            return Ok(Evaluation::non_compliant(RULES, *rule, expected));
        }
    }
    Ok(Evaluation::compliant(
        RULES,
        "without a rule that authorizes all clients",
    ))
}
