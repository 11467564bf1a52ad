//! A tunnel's log says why it went down and who negotiated what; without it there is only that it
//! is down.
//!
//! ## Result
//! - COMPLIANT: both tunnels log to CloudWatch Logs.
//! - NON_COMPLIANT: one doesn't, or neither, or fewer than two tunnels are reported.
//! - INSUFFICIENT_DATA: the tunnels' options were not read.
//!
//! The log of a tunnel's activity counts; AWS doesn't ask for that of BGP.
//!
//! ## What to do
//! Turn tunnel activity logs on, one tunnel after the other: a tunnel may be down for some minutes
//! while its options change.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ec2-vpn-connection-logging-enabled`.

use crate::predicates::unread::recorded_list;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ec2-vpn-connection-logging-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Both tunnels of VPN connections write logs",
    resource_types: &[ResourceType::Ec2VpnConnection],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(TUNNELS)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const TUNNELS: Path = path("configuration.options.tunnelOptions");

fn check<'a>(connection: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let tunnels = recorded_list(connection, TUNNELS)?;
    let logged = tunnels.iter().filter(|tunnel| is_logged(**tunnel)).count();
    let found = format!("{logged} of {} logged", tunnels.len());
    if logged < 2 || logged < tunnels.len() {
        let expected = "two tunnels logged";
        return Ok(Evaluation::non_compliant(TUNNELS, found, expected));
    }
    Ok(Evaluation::compliant(TUNNELS, found))
}

fn is_logged(tunnel: Node<'_>) -> bool {
    let options = tunnel.get("logOptions");
    let options = options.and_then(|options| options.get("cloudWatchLogOptions"));
    options.and_then(|options| options.boolean("logEnabled")) == Some(true)
}
