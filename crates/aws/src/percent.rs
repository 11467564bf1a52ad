//! Percent-encoding as AWS's signatures want it (RFC 3986's unreserved characters stay).

use std::fmt::Write as _;

/// Everything but letters, digits, `-`, `.`, `_` and `~` as `%XX`.
pub(crate) fn encode(text: &str) -> String {
    encode_keeping(text, &[])
}

/// The same, with the slashes kept: a greedy label of a path.
pub(crate) fn encode_path(text: &str) -> String {
    encode_keeping(text, b"/")
}

fn encode_keeping(text: &str, kept: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept.contains(&byte) {
            out.push(char::from(byte));
        } else if write!(out, "%{byte:02X}").is_err() {
            return out;
        }
    }
    out
}

/// Every `%XX` decoded; what is not of that form stays as it is. Not UTF-8 is replaced.
pub(crate) fn decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let pair = bytes.get(at + 1..at + 3);
        let decoded = pair
            .filter(|_| byte == b'%')
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        if let Some(decoded) = decoded {
            out.push(decoded);
            at += 3;
        } else {
            out.push(byte);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_decodes_to_itself() {
        let text = "a b/ü%2F~*\"{}";
        assert_eq!(encode(text), "a%20b%2F%C3%BC%252F~%2A%22%7B%7D");
        assert_eq!(decode(&encode(text)), text);
        assert_eq!(encode_path("a/b c"), "a/b%20c");
        assert_eq!(decode("100%, %zz, %4"), "100%, %zz, %4");
    }
}
