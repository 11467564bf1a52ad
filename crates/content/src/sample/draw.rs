//! A small seeded generator: the same seed, the same draws, on every machine.
//!
//! FNV-1a makes the seed of a text, SplitMix64 (Steele, Lea and Flood, 2014) the numbers.

/// The draws about one resource. Each resource has its own seed, so that a change to one builder
/// leaves the rest of the estate as it is.
#[derive(Debug, Clone)]
pub(super) struct Draw {
    state: u64,
    care: u64,
}

impl Draw {
    /// Draws for `seed`, about something that is right in `care` of 100 ways.
    pub(super) fn new(seed: &str, care: u64) -> Draw {
        Draw {
            state: hash(seed),
            care,
        }
    }

    /// The same draws, about something that is right in `care` of 100 ways.
    pub(super) fn with_care(mut self, care: u64) -> Draw {
        self.care = care;
        self
    }

    /// The next 64 bits.
    pub(super) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `end`, `end` left out; 0 where that is 0.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next().checked_rem(end).unwrap_or(0)
    }

    /// A number from `start` to `end`, both included.
    pub(super) fn between(&mut self, start: u64, end: u64) -> u64 {
        start.saturating_add(self.below(end.saturating_sub(start).saturating_add(1)))
    }

    /// True in `share` of 100 draws.
    pub(super) fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    /// Whether the owner got this one right, as careful as the owner is.
    pub(super) fn ok(&mut self) -> bool {
        self.percent(self.care)
    }

    /// `right` where the owner got it right, else `wrong`.
    pub(super) fn either<T>(&mut self, right: T, wrong: T) -> T {
        if self.ok() { right } else { wrong }
    }

    /// A number of days: from the first range where the owner got it right, else from the second.
    pub(super) fn days(&mut self, right: (u64, u64), wrong: (u64, u64)) -> u64 {
        let (start, end) = self.either(right, wrong);
        self.between(start, end)
    }

    /// One of the first where the owner got it right, else one of the second.
    pub(super) fn of<T: Copy + Default>(&mut self, right: &[T], wrong: &[T]) -> T {
        let from = self.either(right, wrong);
        self.pick(from)
    }

    /// One of these.
    pub(super) fn pick<T: Copy + Default>(&mut self, from: &[T]) -> T {
        let index = usize::try_from(self.below(from.len() as u64)).unwrap_or(0);
        from.get(index).copied().unwrap_or_default()
    }
}

/// FNV-1a, 64 bits.
pub(super) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Landon Curt Noll's published test vectors.
    #[test]
    fn hashes_as_fnv_1a_does() {
        assert_eq!(hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(hash("foobar"), 0x8594_4171_f739_67e8);
    }

    /// The first outputs of SplitMix64 from the seed 1234567, as its reference code prints them.
    #[test]
    fn draws_as_splitmix64_does() {
        let mut draw = Draw {
            state: 1_234_567,
            care: 0,
        };
        assert_eq!(draw.next(), 6_457_827_717_110_365_317);
        assert_eq!(draw.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn the_careful_get_everything_right_and_the_careless_nothing() {
        let mut careful = Draw::new("x", 100);
        let mut careless = Draw::new("x", 0);
        assert!((0..50).all(|_| careful.ok() && !careless.ok()));
    }
}
