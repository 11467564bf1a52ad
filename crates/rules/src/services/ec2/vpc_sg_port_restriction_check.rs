//! Ports for administration that answer the whole internet are tried day and night.
//!
//! ## Result
//! - COMPLIANT: no rule lets every address in on a port that `restrictPorts` names, 22 and 3389
//!   where it is not given.
//! - NON_COMPLIANT: a rule lets `0.0.0.0/0` or `::/0` in on one, by TCP, UDP or every protocol; the
//!   first is named.
//! - NOT_APPLICABLE: the security group is another account's, and `excludeExternalSecurityGroups`
//!   is not `false`.
//! - INSUFFICIENT_DATA: the security group was not read, or a parameter holds something that AWS
//!   doesn't take.
//!
//! `protocolType` and `ipType` narrow the rules that are looked at. AWS leaves three things open.
//! A rule for every protocol lets TCP and UDP in, and counts whatever `protocolType` is. A group is
//! external where its owner is another account. Groups that nothing uses are judged as well.
//!
//! ## What to do
//! Name the addresses or the security group that need the port, or reach it through Session Manager
//! or a VPN.
//!
//! ## Source
//! AWS Config developer guide, managed rule `vpc-sg-port-restriction-check`.

use crate::predicates::unread::recorded_list;
use crate::predicates::{parameter, ports};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "vpc-sg-port-restriction-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Security groups let nobody in on restricted ports from everywhere",
    resource_types: &[ResourceType::Ec2SecurityGroup],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: RESTRICT_PORTS,
            kind: Kind::List,
            default: Some("22,3389"),
        },
        Parameter {
            name: PROTOCOL_TYPE,
            kind: Kind::Text,
            default: Some("ALL"),
        },
        Parameter {
            name: EXCLUDE_EXTERNAL,
            kind: Kind::Boolean,
            default: Some("true"),
        },
        Parameter {
            name: IP_TYPE,
            kind: Kind::Text,
            default: Some("ALL"),
        },
    ],
    reads: &[own(OWNER), own(PERMISSIONS)],
    severity: Severity::High,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const OWNER: Path = path("configuration.ownerId");
const PERMISSIONS: Path = path("configuration.ipPermissions");

const RESTRICT_PORTS: &str = "restrictPorts";
const PROTOCOL_TYPE: &str = "protocolType";
const EXCLUDE_EXTERNAL: &str = "excludeExternalSecurityGroups";
const IP_TYPE: &str = "ipType";

fn check<'a>(group: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let restricted = ports::ranges(RESTRICT_PORTS, params.required_list(RESTRICT_PORTS)?)?;
    let [tcp, udp] = which(params, PROTOCOL_TYPE, ["TCP", "UDP"])?;
    let [ipv4, ipv6] = which(params, IP_TYPE, ["IPv4", "IPv6"])?;
    if params.is_true(EXCLUDE_EXTERNAL) {
        let owner = group.text(OWNER)?;
        if owner.is_some_and(|owner| owner != group.account_id()) {
            let because = "the security group is another account's";
            return Ok(Evaluation::not_applicable(OWNER, owner, because));
        }
    }
    for permission in recorded_list(group, PERMISSIONS)? {
        let traffic = ports::traffic(PERMISSIONS, *permission)?;
        let from_ipv4 = ports::open_ipv4_source(PERMISSIONS, *permission)?.filter(|_| ipv4);
        let from_ipv6 = ports::open_ipv6_source(PERMISSIONS, *permission)?.filter(|_| ipv6);
        let Some(source) = from_ipv4.or(from_ipv6) else {
            continue;
        };
        let open = restricted.iter().find_map(|ports| {
            let by_tcp = traffic.tcp_port_of(ports).filter(|_| tcp);
            by_tcp.or_else(|| traffic.udp_port_of(ports).filter(|_| udp))
        });
        if let Some(port) = open {
            let found = format!("open to {source} on port {port}");
            let expected = "no access to that port from every address";
            return Ok(Evaluation::non_compliant(PERMISSIONS, found, expected));
        }
    }
    Ok(Evaluation::compliant(
        PERMISSIONS,
        "closed to the restricted ports from every address",
    ))
}

/// Which of two kinds a parameter asks for: one of them or, by `ALL`, both.
fn which(
    params: &Params,
    name: &'static str,
    kinds: [&str; 2],
) -> Result<[bool; 2], InsufficientData> {
    let given = params.text(name)?;
    let asked = kinds.map(|kind| given.eq_ignore_ascii_case(kind) || is_all(given));
    if asked.contains(&true) {
        return Ok(asked);
    }
    let message = format!("is {given:?}, expected {}, {} or ALL", kinds[0], kinds[1]);
    Err(parameter::invalid(name, message))
}

fn is_all(given: &str) -> bool {
    given.eq_ignore_ascii_case("ALL")
}
