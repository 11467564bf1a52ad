//! Without connection logs nobody can say afterwards who was in the network, from where and when.
//!
//! ## Result
//! - COMPLIANT: `ConnectionLogOptions.Enabled` is `true`.
//! - NON_COMPLIANT: it is `false` or not set.
//! - INSUFFICIENT_DATA: the endpoint was not read.
//!
//! ## What to do
//! Turn connection logging on, with a log group of CloudWatch Logs that keeps its events for as
//! long as they may be asked for.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ec2-client-vpn-connection-log-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ec2-client-vpn-connection-log-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Client VPN endpoints log connections",
    resource_types: &[ResourceType::Ec2ClientVpnEndpoint],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENABLED)],
    severity: Severity::Low,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const ENABLED: Path = path("configuration.ConnectionLogOptions.Enabled");

fn check<'a>(endpoint: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let enabled = endpoint.boolean(ENABLED)?;
    if enabled != Some(true) {
        return Ok(Evaluation::non_compliant(ENABLED, enabled, true));
    }
    Ok(Evaluation::compliant(ENABLED, enabled))
}
