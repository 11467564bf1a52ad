//! Blocks of IP addresses.

use std::net::IpAddr;

/// Whether a block holds every address of another one; an address without a length is a block of
/// one. Of IPv4 and IPv6, neither holds the other.
pub fn holds(wide: &str, narrow: &str) -> bool {
    let (Some(wide), Some(narrow)) = (Block::read(wide), Block::read(narrow)) else {
        return false;
    };
    // A shift by all bits is none, on both sides: that block holds everything.
    let shift = wide.bits.saturating_sub(wide.length);
    wide.bits == narrow.bits
        && wide.length <= narrow.length
        && wide.address.checked_shr(shift) == narrow.address.checked_shr(shift)
}

struct Block {
    address: u128,
    /// How many bits an address of this kind has.
    bits: u32,
    length: u32,
}

impl Block {
    fn read(text: &str) -> Option<Block> {
        let (address, length) = match text.trim().split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text.trim(), None),
        };
        let (address, bits) = match address.parse().ok()? {
            IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
            IpAddr::V6(address) => (address.to_bits(), 128),
        };
        let length = match length {
            Some(length) => length.parse().ok()?,
            None => bits,
        };
        (length <= bits).then_some(Block {
            address,
            bits,
            length,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn a_block_holds_itself_and_what_is_in_it() {
        for (wide, narrow) in [
            ("10.0.0.1", "10.0.0.1/32"),
            ("10.0.0.1/32", "10.0.0.1"),
            ("192.168.1.0/24", "192.168.1.255"),
            ("192.168.1.0/24", "192.168.1.0/24"),
            ("0.0.0.0/0", "203.0.113.0/24"),
            ("::/0", "2001:db8::/32"),
            ("2001:db8::/32", "2001:db8:ffff::1"),
        ] {
            assert!(holds(wide, narrow), "{wide} {narrow}");
        }
    }

    #[test]
    fn what_is_broader_elsewhere_or_no_block_is_not_held() {
        for (wide, narrow) in [
            ("192.168.1.0/24", "192.168.0.0/23"),
            ("192.168.1.0/24", "192.168.2.0"),
            ("0.0.0.0/0", "::1"),
            ("2001:db8::/32", "2001:db9::"),
            ("10.0.0.0/33", "10.0.0.0"),
            ("10.0.0.0/8", "${aws:SourceIp}"),
            ("", ""),
        ] {
            assert!(!holds(wide, narrow), "{wide} {narrow}");
        }
    }
}
