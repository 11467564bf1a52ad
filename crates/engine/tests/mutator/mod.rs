//! Bytes and values that are nearly right, the same ones on every machine.

use serde_json::{Value, json};

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

/// A value of another kind than is expected, or none.
fn other(random: &mut Random) -> Value {
    let deep = (0..60).fold(json!(1), |inside, _| json!([inside]));
    let values = [
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e300),
        json!(""),
        json!("*"),
        json!("{"),
        json!("%7B%"),
        json!("0001-01-01T00:00:00Z"),
        json!("é\u{202e}"),
        json!([]),
        json!([null]),
        json!({}),
        json!({"": {}}),
        json!([[], {}, ""]),
        deep,
        json!("a".repeat(5_000)),
        json!("{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":[]}}}"),
        json!("999999999999999999999"),
        json!("-1"),
        json!("cron(x)"),
        json!("0.0.0.0/99"),
        json!("::/0"),
    ];
    random.one_of(&values).clone()
}

/// A value in which one to four places hold something else.
pub(crate) fn value(random: &mut Random, seed: &Value) -> Value {
    let mut value = seed.clone();
    for _ in 0..=random.below(4) {
        inside(random, &mut value);
    }
    value
}

/// Changes something inside a value; the value itself where there is nothing in it.
fn inside(random: &mut Random, value: &mut Value) {
    let part = match value {
        Value::Object(members) => {
            let place = random.below(members.len());
            members.values_mut().nth(place)
        }
        Value::Array(elements) => {
            let place = random.below(elements.len());
            elements.get_mut(place)
        }
        _ => None,
    };
    match part {
        None => *value = other(random),
        Some(part) if random.below(6) == 0 => *part = other(random),
        Some(part) => inside(random, part),
    }
}
