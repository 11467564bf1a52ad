//! IP addresses and CIDR blocks, as event-ruler reads them (`CIDR.java`).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The address that this text is, in any of its notations; none where it is not one.
///
/// As in event-ruler, digits of IPv4 are decimal whatever zeros they begin with, IPv6 has no dotted
/// tail and no zone, and an IPv4-mapped address is the IPv4 address.
pub(crate) fn parse(text: &str) -> Option<IpAddr> {
    // The longest notation has 39 characters; the common string is none and is refused cheaply.
    if text.len() > 39 || !text.starts_with(|first: char| first.is_ascii_hexdigit() || first == ':')
    {
        return None;
    }
    if text.contains(':') {
        let plain = text
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b':');
        let address: Ipv6Addr = plain.then(|| text.parse().ok()).flatten()?;
        return Some(address.to_canonical());
    }
    v4(text).map(IpAddr::V4)
}

fn v4(text: &str) -> Option<Ipv4Addr> {
    if text.len() > 15 {
        return None;
    }
    let mut octets = [0_u8; 4];
    let mut parts = text.split('.');
    for octet in &mut octets {
        let part = parts.next()?;
        if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *octet = part.parse::<u64>().ok()?.try_into().ok()?;
    }
    parts.next().is_none().then(|| octets.into())
}

/// A block of addresses of one family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Block {
    /// The lowest address, as the number that it is, left-aligned for both families.
    network: u128,
    v6: bool,
    length: u8,
}

impl Block {
    /// # Errors
    /// In event-ruler's words.
    pub(crate) fn parse(text: &str) -> Result<Block, String> {
        let (address, length) = text
            .split_once('/')
            .filter(|(_, length)| !length.contains('/'))
            .ok_or("Malformed CIDR, one '/' required")?;
        let length: i32 = length
            .parse()
            .map_err(|_| "Malformed CIDR, mask bits must be an integer")?;
        if length < 0 {
            return Err("Malformed CIDR, mask bits must not be negative".to_owned());
        }
        let address = parse(address).ok_or(format!("Nonstandard IP address: {address}"))?;
        let length = match (address, u8::try_from(length)) {
            (IpAddr::V4(_), Ok(length @ 0..=31)) | (IpAddr::V6(_), Ok(length @ 0..=127)) => length,
            (IpAddr::V4(_), _) => return Err("IPv4 mask bits must be < 32".to_owned()),
            (IpAddr::V6(_), _) => return Err("IPv6 mask bits must be < 128".to_owned()),
        };
        Ok(Block::around(address, length))
    }

    /// The block of this prefix length that this address is in.
    pub(crate) fn around(address: IpAddr, length: u8) -> Block {
        let (number, v6) = match address {
            IpAddr::V4(address) => (u128::from(u32::from(address)) << 96, false),
            IpAddr::V6(address) => (u128::from(address), true),
        };
        let mask = u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0);
        Block {
            network: number & mask,
            v6,
            length,
        }
    }

    pub(crate) fn length(self) -> u8 {
        self.length
    }

    pub(crate) fn contains(self, address: IpAddr) -> bool {
        Block::around(address, self.length) == self
    }
}
