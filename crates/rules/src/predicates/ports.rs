//! Addresses and port ranges of security groups and network ACLs.

use std::ops::RangeInclusive;

use posture_model::tree::Node;
use posture_model::{InsufficientData, Reason};

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

/// The ports of a permission of a security group for TCP or UDP; a missing range is every port.
pub fn port_range(permission: Node<'_>) -> RangeInclusive<i64> {
    let from = permission.integer("fromPort").unwrap_or(0);
    let to = permission.integer("toPort").unwrap_or(65_535);
    from..=to
}

/// The ports and ranges of ports that a parameter names, such as `443` and `1020-1025`.
///
/// # Errors
/// Where a text is neither.
pub fn ranges(
    parameter: &str,
    texts: &[String],
) -> Result<Vec<RangeInclusive<i64>>, InsufficientData> {
    let range = |text: &String| {
        let (from, to) = text.split_once('-').unwrap_or((text, text));
        Some(Node::Text(from).as_integer()?..=Node::Text(to).as_integer()?)
    };
    let read = |text: &String| {
        range(text).ok_or_else(|| InsufficientData {
            path: String::new(),
            reason: Reason::InvalidParameter {
                name: parameter.to_owned(),
                message: format!("holds {text:?}, expected a port or a range such as 1020-1025"),
            },
        })
    };
    texts.iter().map(read).collect()
}

/// Whether every port of `ports` is in one of the ranges.
pub fn are_within(ports: &RangeInclusive<i64>, allowed: &[RangeInclusive<i64>]) -> bool {
    let mut next = *ports.start();
    while next <= *ports.end() {
        match allowed.iter().find(|range| range.contains(&next)) {
            Some(range) => next = range.end().saturating_add(1),
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{are_within, ranges};

    #[test]
    fn parameters_name_ports_and_ranges() {
        let texts = ["443".to_owned(), "1020 - 1025".to_owned()];
        assert_eq!(ranges("p", &texts), Ok(vec![443..=443, 1020..=1025]));
        let error = ranges("p", &["https".to_owned()]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "parameter p holds \"https\", expected a port or a range such as 1020-1025"
        );
    }

    #[test]
    fn a_range_may_be_covered_by_several() {
        let allowed = [444..=450, 443..=443];
        assert!(are_within(&(443..=450), &allowed));
        assert!(!are_within(&(443..=451), &allowed));
        assert!(!are_within(&(442..=443), &allowed));
        assert!(!are_within(&(0..=65_535), &[]));
    }
}
