//! Addresses and port ranges of security groups and network ACLs.

use posture_model::tree::Node;

/// Whether a CIDR block means every address, IPv4 or IPv6.
pub fn is_anywhere(cidr: &str) -> bool {
    matches!(cidr.trim(), "0.0.0.0/0" | "::/0")
}

/// Whether a permission of a security group (an element of `configuration.ipPermissions`) lets in
/// TCP on a port. Protocol `-1` is every protocol and port; a missing port range is every port.
pub fn covers_tcp_port(permission: Node<'_>, port: i64) -> bool {
    match permission.get("ipProtocol").and_then(Node::as_text) {
        Some("-1") => true,
        Some("tcp" | "6") => {
            let from = permission.integer("fromPort").unwrap_or(0);
            let to = permission.integer("toPort").unwrap_or(65_535);
            from <= port && port <= to
        }
        _ => false,
    }
}

/// The first source of a permission that means every address. Reads both of AWS Config's shapes
/// for IPv4: `ipv4Ranges[].cidrIp` and the older `ipRanges[]`.
pub fn open_source<'a>(permission: Node<'a>) -> Option<&'a str> {
    let block = |node: &Node<'a>| {
        node.text("cidrIp")
            .or_else(|| node.text("cidrIpv6"))
            .or(node.as_text())
    };
    ["ipv4Ranges", "ipv6Ranges", "ipRanges"]
        .into_iter()
        .flat_map(|name| permission.items(name))
        .filter_map(block)
        .find(|cidr| is_anywhere(cidr))
}
