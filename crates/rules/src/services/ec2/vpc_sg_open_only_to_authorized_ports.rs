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

use crate::predicates::ports::{self, Traffic};
use crate::predicates::unread::recorded_list;
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
    remedy: Remedy::Automation("AWSConfigRemediation-RemoveUnrestrictedSourceIngressRules"),
    check,
};

const PERMISSIONS: Path = path("configuration.ipPermissions");

const TCP_PORTS: &str = "authorizedTcpPorts";
const UDP_PORTS: &str = "authorizedUdpPorts";

fn check<'a>(group: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let tcp = ports::ranges(TCP_PORTS, params.list(TCP_PORTS))?;
    let udp = ports::ranges(UDP_PORTS, params.list(UDP_PORTS))?;
    let mut is_open = false;
    for permission in recorded_list(group, PERMISSIONS)? {
        if ports::open_source(PERMISSIONS, *permission)?.is_none() {
            continue;
        }
        is_open = true;
        let is_authorized = match ports::traffic(PERMISSIONS, *permission)? {
            Traffic::Tcp(range) => ports::are_within(&range, &tcp),
            Traffic::Udp(range) => ports::are_within(&range, &udp),
            Traffic::All | Traffic::Other => false,
        };
        if !is_authorized {
            let expected = "authorized TCP and UDP ports only";
            return Ok(Evaluation::non_compliant(
                PERMISSIONS,
                *permission,
                expected,
            ));
        }
    }
    if !is_open {
        let because = "no rule is for every address";
        return Ok(Evaluation::not_applicable(PERMISSIONS, "closed", because));
    }
    Ok(Evaluation::compliant(
        PERMISSIONS,
        "open to every address on authorized ports only",
    ))
}
