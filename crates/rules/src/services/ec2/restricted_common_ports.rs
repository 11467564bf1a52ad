//! Databases, file transfer and remote desktops that answer the whole internet are found within
//! minutes.
//!
//! ## Result
//! - COMPLIANT: no rule lets every IPv4 or IPv6 address in on a blocked TCP port.
//! - NON_COMPLIANT: a rule lets `0.0.0.0/0` or `::/0` in on one; the first is named.
//! - INSUFFICIENT_DATA: the security group's rules were not read, or `blockedPorts` holds
//!   something that is no port.
//!
//! AWS leaves two things open. Groups that nothing uses are judged as well, and `blockedPorts`
//! comes on top of the five ports.
//!
//! ## What to do
//! Name the addresses or the security group that need the port, and reach administrative ports
//! through Session Manager or a VPN.
//!
//! ## Source
//! AWS Config developer guide, managed rule `restricted-common-ports`.

use crate::predicates::ports;
use crate::predicates::unread::recorded_list;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "restricted-common-ports",
    identifier: Identifier::Named("RESTRICTED_INCOMING_TRAFFIC"),
    version: 1,
    title: "Security groups let nobody in on risky ports from everywhere",
    resource_types: &[ResourceType::Ec2SecurityGroup],
    trigger: Trigger::ConfigurationChangeAndPeriodic,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: "blockedPort1",
            kind: Kind::Integer,
            default: Some("20"),
        },
        Parameter {
            name: "blockedPort2",
            kind: Kind::Integer,
            default: Some("21"),
        },
        Parameter {
            name: "blockedPort3",
            kind: Kind::Integer,
            default: Some("3389"),
        },
        Parameter {
            name: "blockedPort4",
            kind: Kind::Integer,
            default: Some("3306"),
        },
        Parameter {
            name: "blockedPort5",
            kind: Kind::Integer,
            default: Some("4333"),
        },
        Parameter {
            name: BLOCKED_PORTS,
            kind: Kind::List,
            default: None,
        },
    ],
    reads: &[own(PERMISSIONS)],
    severity: Severity::Critical,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Automation("AWSConfigRemediation-RemoveUnrestrictedSourceIngressRules"),
    check,
};

const PERMISSIONS: Path = path("configuration.ipPermissions");

const BLOCKED: [&str; 5] = [
    "blockedPort1",
    "blockedPort2",
    "blockedPort3",
    "blockedPort4",
    "blockedPort5",
];
const BLOCKED_PORTS: &str = "blockedPorts";

fn check<'a>(group: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let mut blocked = ports::ranges(BLOCKED_PORTS, params.list(BLOCKED_PORTS))?;
    let single = BLOCKED
        .into_iter()
        .filter_map(|name| params.optional_integer(name));
    blocked.extend(single.map(|port| port..=port));
    for permission in recorded_list(group, PERMISSIONS)? {
        let traffic = ports::traffic(PERMISSIONS, *permission)?;
        let Some(source) = ports::open_source(PERMISSIONS, *permission)? else {
            continue;
        };
        let open = blocked.iter().find_map(|ports| traffic.tcp_port_of(ports));
        if let Some(port) = open {
            let found = format!("open to {source} on TCP port {port}");
            let expected = "no access to that port from every address";
            return Ok(Evaluation::non_compliant(PERMISSIONS, found, expected));
        }
    }
    Ok(Evaluation::compliant(
        PERMISSIONS,
        "closed to the blocked TCP ports from every address",
    ))
}
