//! Addresses, protocols and port ranges of security groups and network ACLs.
//!
//! Source: EC2 API reference, `IpPermission` and `NetworkAclEntry`.

use std::ops::RangeInclusive;

use posture_model::tree::Node;
use posture_model::{InsufficientData, Path};

use super::unread::{integer, list, malformed, text};
use crate::predicates::parameter;

/// What of the traffic an entry is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Traffic {
    /// Every protocol on every port.
    All,
    /// TCP on these ports.
    Tcp(RangeInclusive<i64>),
    /// UDP on these ports.
    Udp(RangeInclusive<i64>),
    /// A protocol without ports, or with ports of its own kind.
    Other,
}

impl Traffic {
    /// The traffic of a protocol, by its name or number, on a range of ports; a bound that is
    /// missing bounds nothing. None where the protocol is unknown.
    pub fn of(protocol: &str, from: Option<i64>, to: Option<i64>) -> Option<Traffic> {
        // EC2 writes -1 for every port, too.
        let from = from.unwrap_or(0).max(0);
        let to = to.filter(|to| *to >= 0).unwrap_or(65_535);
        Some(match protocol {
            "-1" | "all" => Traffic::All,
            "tcp" | "6" => Traffic::Tcp(from..=to),
            "udp" | "17" => Traffic::Udp(from..=to),
            "icmp" | "icmpv6" => Traffic::Other,
            number if number.parse::<u8>().is_ok() => Traffic::Other,
            _ => return None,
        })
    }

    /// Whether TCP on one of these ports is among it, and on which: the first.
    pub fn tcp_port_of(&self, ports: &RangeInclusive<i64>) -> Option<i64> {
        match self {
            Traffic::All => Some(*ports.start()),
            Traffic::Tcp(range) => first_of_both(range, ports),
            Traffic::Udp(_) | Traffic::Other => None,
        }
    }

    /// Whether UDP on one of these ports is among it, and on which: the first.
    pub fn udp_port_of(&self, ports: &RangeInclusive<i64>) -> Option<i64> {
        match self {
            Traffic::All => Some(*ports.start()),
            Traffic::Udp(range) => first_of_both(range, ports),
            Traffic::Tcp(_) | Traffic::Other => None,
        }
    }
}

fn first_of_both(one: &RangeInclusive<i64>, other: &RangeInclusive<i64>) -> Option<i64> {
    let first = *one.start().max(other.start());
    let last = *one.end().min(other.end());
    (first <= last).then_some(first)
}

/// The traffic of a permission of a security group, an element of the list at `place`.
///
/// # Errors
/// Where the protocol is missing or unknown, or a bound is no number.
pub fn traffic(place: Path, permission: Node<'_>) -> Result<Traffic, InsufficientData> {
    let protocol = text(place, permission, "ipProtocol")?;
    let from = integer(place, permission, "fromPort")?;
    let to = integer(place, permission, "toPort")?;
    protocol
        .and_then(|protocol| Traffic::of(protocol, from, to))
        .ok_or_else(|| {
            let found = protocol.unwrap_or("a permission without a protocol");
            malformed(place, found, "a list of permissions with protocols")
        })
}

/// Whether a CIDR block means every address, IPv4 or IPv6.
pub fn is_anywhere(cidr: &str) -> bool {
    cidr.trim().ends_with("/0")
}

/// The first source of a permission that means every address. Reads both of AWS Config's shapes
/// for IPv4: `ipv4Ranges[].cidrIp` and the older `ipRanges[]`.
///
/// # Errors
/// Where a source can't be read.
pub fn open_source(place: Path, permission: Node<'_>) -> Result<Option<&str>, InsufficientData> {
    match open_ipv4_source(place, permission)? {
        None => open_ipv6_source(place, permission),
        found => Ok(found),
    }
}

/// The first source of a permission that means every IPv4 address.
///
/// # Errors
/// Where a source can't be read.
pub fn open_ipv4_source(
    place: Path,
    permission: Node<'_>,
) -> Result<Option<&str>, InsufficientData> {
    open_range(
        place,
        permission,
        &[("ipv4Ranges", "cidrIp"), ("ipRanges", "cidrIp")],
    )
}

/// The first source of a permission that means every IPv6 address.
///
/// # Errors
/// Where a source can't be read.
pub fn open_ipv6_source(
    place: Path,
    permission: Node<'_>,
) -> Result<Option<&str>, InsufficientData> {
    open_range(place, permission, &[("ipv6Ranges", "cidrIpv6")])
}

fn open_range<'a>(
    place: Path,
    permission: Node<'a>,
    lists: &[(&str, &str)],
) -> Result<Option<&'a str>, InsufficientData> {
    for (ranges, member) in lists {
        for range in list(place, permission, ranges)? {
            let block = match range {
                Node::Text(block) => Some(*block),
                _ => text(place, *range, member)?,
            };
            match block {
                Some(block) if is_anywhere(block) => return Ok(Some(block)),
                Some(block) if block.contains('/') => {}
                _ => return Err(malformed(place, "a source without a block", "CIDR blocks")),
            }
        }
    }
    Ok(None)
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
        range(text).ok_or_else(|| {
            let message = format!("holds {text:?}, expected a port or a range such as 1020-1025");
            parameter::invalid(parameter, message)
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
    use posture_model::path;
    use posture_model::tree::{Bump, parse};

    use super::{
        Traffic, are_within, is_anywhere, open_ipv4_source, open_ipv6_source, open_source, ranges,
        traffic,
    };

    fn with<T>(permission: &str, read: impl Fn(posture_model::tree::Node<'_>) -> T) -> T {
        let arena = Bump::new();
        read(parse(permission.as_bytes(), &arena).unwrap())
    }

    #[test]
    fn protocols_go_by_name_and_number() {
        assert_eq!(Traffic::of("-1", Some(22), Some(22)), Some(Traffic::All));
        assert_eq!(
            Traffic::of("6", Some(22), Some(23)),
            Some(Traffic::Tcp(22..=23))
        );
        assert_eq!(
            Traffic::of("tcp", Some(-1), Some(-1)),
            Some(Traffic::Tcp(0..=65_535))
        );
        assert_eq!(
            Traffic::of("udp", None, None),
            Some(Traffic::Udp(0..=65_535))
        );
        assert_eq!(Traffic::of("58", None, None), Some(Traffic::Other));
        assert_eq!(Traffic::of("TCP?", None, None), None);
    }

    #[test]
    fn the_first_port_that_both_hold_is_found() {
        assert_eq!(Traffic::Tcp(20..=30).tcp_port_of(&(22..=22)), Some(22));
        assert_eq!(Traffic::Tcp(25..=30).tcp_port_of(&(20..=28)), Some(25));
        assert_eq!(Traffic::Tcp(20..=21).tcp_port_of(&(22..=22)), None);
        assert_eq!(Traffic::All.tcp_port_of(&(22..=22)), Some(22));
        assert_eq!(Traffic::Udp(22..=22).tcp_port_of(&(22..=22)), None);
        assert_eq!(Traffic::Udp(20..=30).udp_port_of(&(22..=22)), Some(22));
        assert_eq!(Traffic::All.udp_port_of(&(22..=22)), Some(22));
        assert_eq!(Traffic::Tcp(22..=22).udp_port_of(&(22..=22)), None);
    }

    #[test]
    fn what_cannot_be_understood_is_no_traffic_and_no_source() {
        let place = path("configuration.ipPermissions");
        for permission in [r#"{"fromPort":22}"#, r#"{"ipProtocol":"tpc"}"#, "22"] {
            assert!(
                with(permission, |it| traffic(place, it).is_err()),
                "{permission}"
            );
        }
        for permission in [
            r#"{"ipv4Ranges":"0.0.0.0/0"}"#,
            r#"{"ipv4Ranges":[{"cidr":"0.0.0.0/0"}]}"#,
            r#"{"ipRanges":[4]}"#,
        ] {
            assert!(
                with(permission, |it| open_source(place, it).is_err()),
                "{permission}"
            );
        }
    }

    #[test]
    fn every_block_of_no_bits_is_everywhere() {
        assert!(is_anywhere("0.0.0.0/0") && is_anywhere("::/0") && is_anywhere("0:0::/0"));
        assert!(!is_anywhere("0.0.0.0/1") && !is_anywhere("10.0.0.0/10"));
    }

    #[test]
    fn sources_of_both_kinds_are_told_apart() {
        let place = path("configuration.ipPermissions");
        let open = r#"{"ipRanges":["10.0.0.0/8"],"ipv6Ranges":[{"cidrIpv6":"::/0"}]}"#;
        with(open, |it| {
            assert_eq!(open_ipv4_source(place, it), Ok(None));
            assert_eq!(open_ipv6_source(place, it), Ok(Some("::/0")));
            assert_eq!(open_source(place, it), Ok(Some("::/0")));
        });
    }

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
