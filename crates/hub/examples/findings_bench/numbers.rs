//! Numbers that follow from one, the same each time.

/// SplitMix64: numbers that follow from one.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub(crate) fn of<'w, T: ?Sized>(&mut self, words: &[&'w T]) -> &'w T {
        let at = usize::try_from(self.below(words.len() as u64)).unwrap_or_default();
        words.get(at).copied().unwrap_or(words[0])
    }
}
