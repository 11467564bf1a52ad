//! A firewall that is deleted lets its traffic fall into nothing, or past all inspection.
//!
//! ## Result
//! - COMPLIANT: the firewall's `deleteProtection` is true.
//! - NON_COMPLIANT: it is false or not set.
//! - INSUFFICIENT_DATA: the firewall was not read.
//!
//! ## What to do
//! Turn deletion protection on. Who means to delete the firewall turns it off first.
//!
//! ## Source
//! AWS Config developer guide, managed rule `netfw-deletion-protection-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "netfw-deletion-protection-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Network firewalls are protected from deletion",
    resource_types: &[ResourceType::NetworkFirewallFirewall],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(PROTECTION)],
    severity: Severity::Medium,
    category: Category::NetworkSecurity,
    remedy: Remedy::Steps,
    check,
};

const PROTECTION: Path = path("configuration.firewall.deleteProtection");

fn check<'a>(firewall: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let protection = firewall.boolean(PROTECTION)?;
    if protection != Some(true) {
        return Ok(Evaluation::non_compliant(PROTECTION, protection, true));
    }
    Ok(Evaluation::compliant(PROTECTION, protection))
}
