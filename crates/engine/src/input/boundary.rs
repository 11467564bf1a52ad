//! Where a JSON value ends, without parsing it: 64 bytes at a time.
//!
//! The method is simdjson's (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019,
//! section 3.1): bit masks of quotes, backslashes and brackets, and a prefix XOR that says which
//! bytes are inside strings. Nothing is validated; the parser does that.

use memchr::memchr2;
use wide::u8x16;

const BLOCK: usize = 64;

/// Where a value ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    /// The offset after its last byte.
    pub(super) offset: usize,
    /// How deep its containers nest: never less than it is, and a block's brackets more at most.
    pub(super) deepest: u32,
}

/// The end of the value that begins at `start`. None where the text ends before it.
pub(super) fn value_end(text: &[u8], start: usize) -> Option<End> {
    let shallow = |offset| End { offset, deepest: 0 };
    match text.get(start)? {
        b'{' | b'[' => container_end(text, start),
        b'"' => string_end(text, start).map(shallow),
        _ => scalar_end(text, start).map(shallow),
    }
}

fn scalar_end(text: &[u8], start: usize) -> Option<usize> {
    let ends = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b':') || byte.is_ascii_whitespace();
    let length = text.get(start..)?.iter().position(ends)?;
    // A byte that can't begin a value is a value of its own, which the parser then refuses.
    Some(start + length.max(1))
}

/// The offset after the closing quote of the string that begins at `start`.
pub(super) fn string_end(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        let found = at + memchr2(b'"', b'\\', text.get(at..)?)?;
        if text.get(found) == Some(&b'"') {
            return Some(found + 1);
        }
        at = found + 2;
    }
}

fn container_end(text: &[u8], start: usize) -> Option<End> {
    let mut scanner = Scanner::default();
    let mut at = start;
    while let Some(block) = text
        .get(at..at + BLOCK)
        .and_then(|b| b.first_chunk::<BLOCK>())
    {
        if let Some(end) = scanner.block(block) {
            return Some(scanner.end(at + end));
        }
        at += BLOCK;
    }
    let rest = text.get(at..)?;
    let mut block = [b' '; BLOCK];
    block.get_mut(..rest.len())?.copy_from_slice(rest);
    scanner.block(&block).map(|end| scanner.end(at + end))
}

#[derive(Default)]
struct Scanner {
    depth: u32,
    deepest: u32,
    /// All ones where the last byte was inside a string.
    in_string: u64,
    /// 1 where the last byte was a backslash that escapes the next one.
    escapes_next: u64,
}

struct Masks {
    quotes: u64,
    backslashes: u64,
    opens: u64,
    closes: u64,
}

impl Scanner {
    fn end(&self, offset: usize) -> End {
        End {
            offset,
            deepest: self.deepest,
        }
    }

    /// The offset in the block after the bracket that closes the container, if it is here.
    fn block(&mut self, block: &[u8; BLOCK]) -> Option<usize> {
        let masks = masks(block);
        let quotes = masks.quotes & !self.escaped(masks.backslashes);
        let in_string = prefix_xor(quotes) ^ self.in_string;
        self.in_string = 0u64.wrapping_sub(in_string >> 63);
        let opens = masks.opens & !in_string;
        let closes = masks.closes & !in_string;
        self.deepest = self.deepest.max(self.depth + opens.count_ones());
        if self.depth > closes.count_ones() {
            self.depth = self.depth + opens.count_ones() - closes.count_ones();
            return None;
        }
        let mut brackets = opens | closes;
        while brackets != 0 {
            let bit = brackets & brackets.wrapping_neg();
            if opens & bit != 0 {
                self.depth += 1;
            } else {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    return Some(bit.trailing_zeros() as usize + 1);
                }
            }
            brackets ^= bit;
        }
        None
    }

    /// Which bytes a backslash escapes.
    fn escaped(&mut self, mut backslashes: u64) -> u64 {
        let mut escaped = std::mem::take(&mut self.escapes_next);
        while backslashes != 0 {
            let bit = backslashes & backslashes.wrapping_neg();
            if escaped & bit == 0 {
                if bit >> 63 == 1 {
                    self.escapes_next = 1;
                } else {
                    escaped |= bit << 1;
                }
            }
            backslashes ^= bit;
        }
        escaped
    }
}

/// Bit n of the result is the parity of bits 0 to n.
fn prefix_xor(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

fn masks(block: &[u8; BLOCK]) -> Masks {
    let mut masks = Masks {
        quotes: 0,
        backslashes: 0,
        opens: 0,
        closes: 0,
    };
    let (lanes, _) = block.as_chunks::<16>();
    for (lane, bytes) in lanes.iter().enumerate() {
        let bytes = u8x16::new(*bytes);
        // Brackets and braces differ in this bit only.
        let folded = bytes | u8x16::splat(0x20);
        let equal = |bytes: u8x16, wanted: u8| {
            let found = bytes.simd_eq(u8x16::splat(wanted));
            u64::from(found.to_bitmask()) << (lane * 16)
        };
        masks.quotes |= equal(bytes, b'"');
        masks.backslashes |= equal(bytes, b'\\');
        masks.opens |= equal(folded, b'{');
        masks.closes |= equal(folded, b'}');
    }
    masks
}

#[cfg(test)]
mod tests {
    //! Oracle: serde_json's own idea of where a value ends.

    use super::*;

    fn end(text: &[u8]) -> Option<usize> {
        value_end(text, 0).map(|end| end.offset)
    }

    fn end_by_serde(text: &[u8]) -> Option<usize> {
        let mut values =
            serde_json::Deserializer::from_slice(text).into_iter::<serde_json::Value>();
        values.next()?.ok()?;
        Some(values.byte_offset())
    }

    /// A deterministic text with strings, escapes and nesting of every length.
    fn text(seed: usize) -> String {
        let string = format!("{}\\\\\\\"{{[", "é\\n".repeat(seed % 37));
        let inner = format!("{{\"{string}\":[1,{{}},\"{string}\",[[]],true]}}");
        format!("[{}{inner},null]", "[0],".repeat(seed % 19))
    }

    #[test]
    fn a_container_ends_where_serde_says_whatever_its_length() {
        for seed in 0..700 {
            let text = text(seed) + " ,{";
            assert_eq!(
                end(text.as_bytes()),
                end_by_serde(text.as_bytes()),
                "{text}"
            );
        }
    }

    #[test]
    fn a_value_that_is_cut_has_no_end() {
        let text = text(25);
        for length in 1..text.len() {
            let cut = text.as_bytes().get(..length).unwrap();
            assert_eq!(end(cut), None, "{length}");
        }
    }

    #[test]
    fn scalars_and_strings_end() {
        assert_eq!(end(b"12,"), Some(2));
        assert_eq!(end(b"true\n"), Some(4));
        assert_eq!(end(br#""a\"b\\" x"#), Some(8));
        assert_eq!(end(br#""a\"#), None);
    }

    #[test]
    fn the_depth_is_never_said_to_be_less_than_it_is() {
        for depth in 1..300 {
            let brackets = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
            let found = value_end(brackets.as_bytes(), 0).unwrap();
            assert!(found.deepest as usize >= depth, "{depth}");
            let flat = format!("[{}1]", "[1],".repeat(depth));
            let found = value_end(flat.as_bytes(), 0).unwrap();
            assert!(found.deepest as usize <= 2 + BLOCK, "{depth}");
            let quoted = format!("[\"{}\"]", "[".repeat(depth));
            assert_eq!(value_end(quoted.as_bytes(), 0).unwrap().deepest, 1);
        }
    }
}
