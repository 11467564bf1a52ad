//! Bytes that are nearly right, the same ones on every machine.

/// Marsaglia's xorshift64*, which needs no crate and gives the same numbers everywhere.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        // Zero would stay zero.
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `limit`; 0 where that is 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit.max(1)).unwrap();
        usize::try_from(self.next() % limit).unwrap()
    }

    pub(crate) fn one_of<'v, V>(&mut self, values: &'v [V]) -> &'v V {
        &values[self.below(values.len())]
    }
}

/// What parsers stumble over.
const TOKENS: [&[u8]; 40] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"\"",
    b"\\",
    b"\n",
    b" ",
    b"null",
    b"true",
    b"-",
    b"1e999",
    b"-0",
    b"9223372036854775808",
    b"0.1e-400",
    b"\\u0000",
    b"\\ud800",
    b"\\u12",
    b"\xff",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\0",
    b"\x1f\x8b\x08\0",
    b"\x28\xb5\x2f\xfd",
    b"&a ",
    b"*a",
    b"!Ref ",
    b"!!binary ",
    b"---\n",
    b"...\n",
    b"|\n",
    b"? ",
    b"- ",
    b"#",
    b"%YAML 9.9\n",
    b"<<: *a\n",
    b"\t",
];

/// A seed with one to eight things done to it.
pub(crate) fn bytes(random: &mut Random, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = random.one_of(seeds).clone();
    for _ in 0..=random.below(8) {
        let at = random.below(bytes.len() + 1);
        let until = (at + 1 + random.below(64)).min(bytes.len());
        match random.below(9) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 => bytes.truncate(at),
            2 => drop(bytes.drain(at..until)),
            3 => {
                let again: Vec<u8> = bytes[at..until].to_vec();
                bytes.splice(at..at, again);
            }
            4 => {
                let other = random.one_of(seeds);
                let from = random.below(other.len() + 1);
                let to = (from + random.below(256)).min(other.len());
                bytes.splice(at..at, other[from..to].iter().copied());
            }
            5 => {
                let token = *random.one_of(&TOKENS);
                let depth = 1 + random.below(400);
                bytes.splice(at..at, token.repeat(depth));
            }
            _ => {
                let token = *random.one_of(&TOKENS);
                bytes.splice(at..at, token.iter().copied());
            }
        }
    }
    bytes
}
