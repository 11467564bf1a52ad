//! A network ACL that lets everybody in on SSH or RDP leaves security groups as the only guard.
//!
//! ## Result
//! - COMPLIANT: no inbound entry allows TCP or UDP port 22 or 3389 from every IPv4 or IPv6
//!   address.
//! - NON_COMPLIANT: an inbound entry allows it, whatever a lower entry denies.
//! - INSUFFICIENT_DATA: the network ACL was not read.
//!
//! ## What to do
//! Replace the entry by ones for the addresses that need SSH or RDP, or use Session Manager, which
//! needs no open port at all. Mind that answers to outbound traffic come in on high ports.
//!
//! ## Source
//! AWS Config developer guide, managed rule `nacl-no-unrestricted-ssh-rdp`.

use crate::predicates::ports;
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
    for entry in acl.list(ENTRIES)? {
        if PORTS.iter().any(|port| lets_everybody_in(*entry, *port)) {
            let expected = "no entry that lets everybody in on port 22 or 3389";
            return Ok(Evaluation::non_compliant(ENTRIES, *entry, expected));
        }
    }
    Ok(Evaluation::compliant(
        ENTRIES,
        "closed to port 22 and 3389 from every address",
    ))
}

/// Whether an entry allows TCP or UDP in on a port from every address.
fn lets_everybody_in(entry: Node<'_>, port: i64) -> bool {
    let from_everywhere = ["cidrBlock", "ipv6CidrBlock"]
        .into_iter()
        .filter_map(|name| entry.text(name))
        .any(ports::is_anywhere);
    let on_port = match entry.text("protocol") {
        // Every protocol; a port range means nothing then.
        Some("-1") => true,
        Some("6" | "17") => entry.get("portRange").is_none_or(|range| {
            let from = range.integer("from").unwrap_or(0);
            let to = range.integer("to").unwrap_or(65_535);
            (from..=to).contains(&port)
        }),
        _ => false,
    };
    from_everywhere
        && on_port
        && entry.text("ruleAction") == Some("allow")
        && entry.boolean("egress") != Some(true)
}
