//! Few ports are meant for the whole internet; every other one that is open to it is an oversight.
//!
//! ## Result
//! - COMPLIANT: every rule for all IPv4 or IPv6 addresses is for TCP or UDP ports that the
//!   parameters name.
//! - NON_COMPLIANT: such a rule is for another port or another protocol; without parameters, every
//!   such rule.
//! - NOT_APPLICABLE: no rule is for all addresses.
//! - INSUFFICIENT_DATA: the security group's rules were not read, or a parameter holds something
//!   that is no port.
//!
//! AWS leaves other protocols, such as ICMP, open; they are neither TCP nor UDP on an authorized
//! port, and fail.
//!
//! ## What to do
//! Name the addresses or the security group that need the port, or name the port in the parameter
//! where it is meant for everybody.
//!
//! ## Source
//! AWS Config developer guide, managed rule `vpc-sg-open-only-to-authorized-ports`.

use crate::predicates::ports;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "vpc-sg-open-only-to-authorized-ports",
    identifier: Identifier::FromId,
    version: 1,
    title: "Security groups are open to everybody on authorized ports only",
    resource_types: &[ResourceType::Ec2SecurityGroup],
    trigger: Trigger::ConfigurationChangeAndPeriodic,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: TCP_PORTS,
            kind: Kind::List,
            default: None,
        },
        Parameter {
            name: UDP_PORTS,
            kind: Kind::List,
            default: None,
        },
    ],
    reads: &[own(PERMISSIONS)],
    severity: Severity::High,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const PERMISSIONS: Path = path("configuration.ipPermissions");

const TCP_PORTS: &str = "authorizedTcpPorts";
const UDP_PORTS: &str = "authorizedUdpPorts";

fn check<'a>(group: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let tcp = ports::ranges(TCP_PORTS, params.list(TCP_PORTS))?;
    let udp = ports::ranges(UDP_PORTS, params.list(UDP_PORTS))?;
    let mut open = group
        .list(PERMISSIONS)?
        .iter()
        .copied()
        .filter(|permission| ports::open_source(*permission).is_some())
        .peekable();
    if open.peek().is_none() {
        return Ok(Evaluation::not_applicable(
            PERMISSIONS,
            "closed",
            "no rule is for every address",
        ));
    }
    let unauthorized = open.find(|permission| match permission.text("ipProtocol") {
        Some("tcp" | "6") => !ports::are_within(&ports::port_range(*permission), &tcp),
        Some("udp" | "17") => !ports::are_within(&ports::port_range(*permission), &udp),
        _ => true,
    });
    if let Some(permission) = unauthorized {
        let expected = "authorized TCP and UDP ports only";
        return Ok(Evaluation::non_compliant(PERMISSIONS, permission, expected));
    }
    Ok(Evaluation::compliant(
        PERMISSIONS,
        "open to every address on authorized ports only",
    ))
}
