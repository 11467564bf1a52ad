//! A network ACL that lets everybody in on SSH or RDP leaves security groups as the only guard.
//!
//! ## Result
//! - COMPLIANT: no inbound entry allows TCP or UDP port 22 or 3389 from every IPv4 or IPv6
//!   address.
//! - NON_COMPLIANT: an inbound entry allows it, whatever a lower entry denies.
//! - INSUFFICIENT_DATA: the network ACL was not read, or an entry can't be understood.
//!
//! ## What to do
//! Replace the entry by ones for the addresses that need SSH or RDP, or use Session Manager, which
//! needs no open port at all. Mind that answers to outbound traffic come in on high ports.
//!
//! ## Source
//! AWS Config developer guide, managed rule `nacl-no-unrestricted-ssh-rdp`.

use crate::predicates::ports::{self, Traffic};
use crate::predicates::unread::{boolean, integer, malformed, recorded_list, text};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "nacl-no-unrestricted-ssh-rdp",
    identifier: Identifier::FromId,
    version: 1,
    title: "Network ACLs let nobody in on SSH or RDP from everywhere",
    resource_types: &[ResourceType::Ec2NetworkAcl],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENTRIES)],
    severity: Severity::Medium,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const ENTRIES: Path = path("configuration.entries");

const PORTS: [i64; 2] = [22, 3389];

fn check<'a>(acl: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    for entry in recorded_list(acl, ENTRIES)? {
        if lets_everybody_in(*entry)? {
            let expected = "no entry that lets everybody in on port 22 or 3389";
            return Ok(Evaluation::non_compliant(ENTRIES, *entry, expected));
        }
    }
    Ok(Evaluation::compliant(
        ENTRIES,
        "closed to port 22 and 3389 from every address",
    ))
}

/// Whether an entry allows TCP or UDP in on one of the ports from every address. One that doesn't
/// say that it is outbound or a denial is neither.
fn lets_everybody_in(entry: Node<'_>) -> Result<bool, InsufficientData> {
    let is_outbound = boolean(ENTRIES, entry, "egress")? == Some(true);
    let is_denial = text(ENTRIES, entry, "ruleAction")? == Some("deny");
    let blocks = [
        text(ENTRIES, entry, "cidrBlock")?,
        text(ENTRIES, entry, "ipv6CidrBlock")?,
    ];
    if blocks == [None, None] {
        return Err(malformed(
            ENTRIES,
            "an entry without a block",
            "CIDR blocks",
        ));
    }
    let is_from_everywhere = blocks.into_iter().flatten().any(ports::is_anywhere);
    if is_outbound || is_denial || !is_from_everywhere {
        return Ok(false);
    }
    // A range that is null is every port.
    let range = entry.get("portRange").filter(|range| *range != Node::Null);
    let bound = |name| range.map_or(Ok(None), |range| integer(ENTRIES, range, name));
    let (from, to) = (bound("from")?, bound("to")?);
    let protocol = text(ENTRIES, entry, "protocol")?;
    let traffic = protocol.and_then(|protocol| Traffic::of(protocol, from, to));
    match traffic {
        Some(Traffic::All) => Ok(true),
        Some(Traffic::Tcp(range) | Traffic::Udp(range)) => {
            Ok(PORTS.iter().any(|port| range.contains(port)))
        }
        Some(Traffic::Other) => Ok(false),
        None => {
            let found = protocol.unwrap_or("an entry without a protocol");
            Err(malformed(ENTRIES, found, "entries with protocols"))
        }
    }
}
