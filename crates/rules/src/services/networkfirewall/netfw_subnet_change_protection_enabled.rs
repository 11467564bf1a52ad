//! A firewall that loses a subnet no longer inspects what is routed through it there.
//!
//! ## Result
//! - COMPLIANT: the firewall's `subnetChangeProtection` is true.
//! - NON_COMPLIANT: it is false or not set.
//! - INSUFFICIENT_DATA: the firewall was not read.
//!
//! ## What to do
//! Turn subnet change protection on. Who means to move the firewall turns it off first.
//!
//! ## Source
//! AWS Config developer guide, managed rule `netfw-subnet-change-protection-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "netfw-subnet-change-protection-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Network firewalls are protected from a change of their subnets",
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

const PROTECTION: Path = path("configuration.firewall.subnetChangeProtection");

fn check<'a>(firewall: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let protection = firewall.boolean(PROTECTION)?;
    if protection != Some(true) {
        return Ok(Evaluation::non_compliant(PROTECTION, protection, true));
    }
    Ok(Evaluation::compliant(PROTECTION, protection))
}
