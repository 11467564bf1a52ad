//! A VPN connection has two tunnels so that one may fail; with one down, the next fault cuts the
//! connection.
//!
//! ## Result
//! - COMPLIANT: both tunnels are `UP`.
//! - NON_COMPLIANT: a tunnel is not `UP`, or fewer than two are reported.
//! - INSUFFICIENT_DATA: the tunnels were not read.
//!
//! ## What to do
//! Configure both tunnels on the customer gateway device, and let it keep them up without traffic.
//! See the connection's tunnel details for why one is down.
//!
//! ## Source
//! AWS Config developer guide, managed rule `vpc-vpn-2-tunnels-up`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "vpc-vpn-2-tunnels-up",
    identifier: Identifier::FromId,
    version: 1,
    title: "Both tunnels of VPN connections are up",
    resource_types: &[ResourceType::Ec2VpnConnection],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(TUNNELS)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Steps,
    check,
};

const TUNNELS: Path = path("configuration.vgwTelemetry");

fn check<'a>(connection: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let tunnels = connection.list(TUNNELS)?;
    let up = tunnels
        .iter()
        .filter(|tunnel| tunnel.text("status") == Some("UP"))
        .count();
    let found = format!("{up} of {} up", tunnels.len());
    if up < 2 || up < tunnels.len() {
        return Ok(Evaluation::non_compliant(TUNNELS, found, "two tunnels up"));
    }
    Ok(Evaluation::compliant(TUNNELS, found))
}
