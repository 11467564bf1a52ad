//! RFC 8785 canonical JSON, narrowed to integers: is a text what a canonicaliser would have written?
//!
//! A leaf in any other form could be read as two things, so it is no leaf.

use std::cmp::Ordering;

/// Deeper than any record; bounds the recursion.
const MAX_DEPTH: u32 = 64;
/// 2^53 − 1.
const MAX_INTEGER: u64 = 9_007_199_254_740_991;

/// Says where the text is not canonical: the byte's place, and what is wrong.
pub(crate) fn check(text: &[u8]) -> Result<(), (usize, &'static str)> {
    if std::str::from_utf8(text).is_err() {
        return Err((0, "it is not UTF-8"));
    }
    let mut scanner = Scanner { text, at: 0 };
    scanner
        .value(0)
        .and_then(|()| match scanner.peek() {
            None => Ok(()),
            Some(_) => Err("something follows the value"),
        })
        .map_err(|what| (scanner.at, what))
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn value(&mut self, depth: u32) -> Result<(), &'static str> {
        if depth > MAX_DEPTH {
            return Err("it is nested too deeply");
        }
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(|_| ()),
            Some(b'-' | b'0'..=b'9') => self.integer(),
            _ => {
                let rest = self.text.get(self.at..).unwrap_or_default();
                let word = [&b"true"[..], b"false", b"null"]
                    .into_iter()
                    .find(|word| rest.starts_with(word))
                    .ok_or("no JSON value begins here")?;
                self.at += word.len();
                Ok(())
            }
        }
    }

    fn object(&mut self, depth: u32) -> Result<(), &'static str> {
        self.at += 1;
        if self.take(b'}') {
            return Ok(());
        }
        let mut last: Option<&'a [u8]> = None;
        loop {
            if self.peek() != Some(b'"') {
                return Err("a member's name is expected");
            }
            let name = self.string()?;
            if last.is_some_and(|last| order(last, name) != Ordering::Less) {
                return Err("members are not in order, or one is there twice");
            }
            last = Some(name);
            if !self.take(b':') {
                return Err("a colon is expected");
            }
            self.value(depth + 1)?;
            if self.take(b'}') {
                return Ok(());
            }
            if !self.take(b',') {
                return Err("a comma or the object's end is expected");
            }
        }
    }

    fn array(&mut self, depth: u32) -> Result<(), &'static str> {
        self.at += 1;
        if self.take(b']') {
            return Ok(());
        }
        loop {
            self.value(depth + 1)?;
            if self.take(b']') {
                return Ok(());
            }
            if !self.take(b',') {
                return Err("a comma or the array's end is expected");
            }
        }
    }

    /// The text between the quotes, as written.
    fn string(&mut self) -> Result<&'a [u8], &'static str> {
        self.at += 1;
        let start = self.at;
        loop {
            match self.peek() {
                Some(b'"') => {
                    let text = self.text.get(start..self.at).unwrap_or_default();
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => self.escape()?,
                Some(0..=0x1f) => return Err("a control character is not escaped"),
                Some(_) => self.at += 1,
                None => return Err("a string has no end"),
            }
        }
    }

    /// The only escapes that RFC 8785, 3.2.2.2 writes.
    fn escape(&mut self) -> Result<(), &'static str> {
        let rest = self.text.get(self.at + 1..).unwrap_or_default();
        let length = match rest {
            [b'"' | b'\\' | b'b' | b't' | b'n' | b'f' | b'r', ..] => 2,
            [
                b'u',
                b'0',
                b'0',
                high @ b'0'..=b'1',
                low @ (b'0'..=b'9' | b'a'..=b'f'),
                ..,
            ] => {
                if *high == b'0' && matches!(low, b'8' | b'9' | b'a' | b'c' | b'd') {
                    return Err("a character has a shorter escape");
                }
                6
            }
            _ => return Err("a character is escaped that needs no escape"),
        };
        self.at += length;
        Ok(())
    }

    fn integer(&mut self) -> Result<(), &'static str> {
        let is_negative = self.take(b'-');
        let start = self.at;
        let mut value: u64 = 0;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            value = value
                .saturating_mul(10)
                .saturating_add(u64::from(digit - b'0'));
            self.at += 1;
        }
        let digits = self.at - start;
        let has_leading_zero = self.text.get(start) == Some(&b'0') && (digits > 1 || is_negative);
        if digits == 0 || has_leading_zero || value > MAX_INTEGER {
            return Err("a number is no integer of up to 53 bits");
        }
        Ok(())
    }
}

/// Order by UTF-16 code units (RFC 8785, 3.2.3) of two names as written.
fn order(one: &[u8], other: &[u8]) -> Ordering {
    let is_plain = |name: &[u8]| name.is_ascii() && !name.contains(&b'\\');
    if is_plain(one) && is_plain(other) {
        return one.cmp(other);
    }
    units(one).cmp(&units(other))
}

fn units(name: &[u8]) -> Vec<u16> {
    let quoted = [b"\"", name, b"\""].concat();
    let text: String = serde_json::from_slice(&quoted).unwrap_or_default();
    text.encode_utf16().collect()
}

#[cfg(test)]
mod tests {
    //! Oracle: the `serde_json_canonicalizer` crate.
    use super::*;

    #[test]
    fn canonical_text_is_taken() {
        let text = r#"{"":1,"\b\t\n\f\r\"\\\u0000\u001f/":[],"a":{"b":[null,true,false,-1,0]},"€":"é","😀":9007199254740991,"ﬀ":2}"#;
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        let canonical = serde_json_canonicalizer::to_vec(&value).unwrap();
        assert_eq!(check(&canonical), Ok(()));
        assert_eq!(canonical, text.as_bytes());
    }

    #[test]
    fn every_text_but_the_canonical_one_is_refused() {
        for text in [
            r#"{"a":1 }"#,
            r#" {"a":1}"#,
            r#"{"b":1,"a":2}"#,
            r#"{"a":1,"a":1}"#,
            r#"{"ﬀ":2,"😀":1}"#,
            r#"{"a":1.0}"#,
            r#"{"a":1e3}"#,
            r#"{"a":01}"#,
            r#"{"a":-0}"#,
            r#"{"a":9007199254740992}"#,
            r#"{"a":"\/"}"#,
            r#"{"a":"\u0009"}"#,
            r#"{"a":"\u001F"}"#,
            r#"{"a":"\u0041"}"#,
            "{\"a\":\"\t\"}",
            r#"{"a":1,}"#,
            "[1,]",
            r#"{"a":tru}"#,
            "{}{}",
            r#"{"a""#,
            "",
        ] {
            assert!(check(text.as_bytes()).is_err(), "{text}");
        }
        assert!(check(b"\"\xff\"").is_err());
        assert!(check("[".repeat(200).as_bytes()).is_err());
    }

    #[test]
    fn every_changed_byte_of_a_leaf_is_refused_or_says_something_else() {
        let text = br#"{"detail":{"k":"v\n"},"index":12,"subject":"s"}"#;
        let before: serde_json::Value = serde_json::from_slice(text).unwrap();
        for place in 0..text.len() {
            for bit in 0..8 {
                let mut changed = text.to_vec();
                changed[place] ^= 1 << bit;
                if check(&changed).is_ok() {
                    let after: serde_json::Value = serde_json::from_slice(&changed).unwrap();
                    assert_ne!(before, after);
                }
            }
        }
    }
}
