//! RFC 8785: one text for one JSON value.

use std::cmp::Ordering;
use std::io::Write as _;

use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

use crate::tree::Node;

/// Appends the canonical text of a value (RFC 8785). Of members with one name the first counts, as
/// for [`Node::get`].
pub fn write(node: Node<'_>, arena: &Bump, out: &mut Vec<u8>) {
    match node {
        Node::Null => out.extend_from_slice(b"null"),
        Node::Bool(true) => out.extend_from_slice(b"true"),
        Node::Bool(false) => out.extend_from_slice(b"false"),
        Node::Integer(value) => integer(value, out),
        Node::Float(value) => number(value, out),
        Node::Text(text) => string(text, out),
        Node::Array(elements) => {
            out.push(b'[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write(*element, arena, out);
            }
            out.push(b']');
        }
        Node::Object(members) => {
            out.push(b'{');
            for (index, (name, node)) in sorted(members, arena).iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                string(name, out);
                out.push(b':');
                write(*node, arena, out);
            }
            out.push(b'}');
        }
    }
}

/// The members in the order of RFC 8785, section 3.2.3, each name once.
pub(super) fn sorted<'a>(
    members: &[(&'a str, Node<'a>)],
    arena: &'a Bump,
) -> BumpVec<'a, (&'a str, Node<'a>)> {
    let mut sorted = BumpVec::with_capacity_in(members.len(), arena);
    sorted.extend_from_slice(members);
    // Stable: the first of several members with one name stays the first.
    sorted.sort_by(|(a, _), (b, _)| order(a, b));
    sorted.dedup_by(|later, first| later.0 == first.0);
    sorted
}

/// By UTF-16 code units, which for names without surrogates is the order of their bytes.
pub(super) fn order(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() {
        return a.as_bytes().cmp(b.as_bytes());
    }
    a.encode_utf16().cmp(b.encode_utf16())
}

fn integer(value: i64, out: &mut Vec<u8>) {
    // Writing to memory can't fail.
    drop(write!(out, "{value}"));
}

/// ECMAScript's `Number::toString` (ECMA-262, 6.1.6.1.20), which RFC 8785 prescribes. JSON has
/// neither infinities nor NaN, and none can be parsed; they are written as `null`.
fn number(value: f64, out: &mut Vec<u8>) {
    if !value.is_finite() {
        out.extend_from_slice(b"null");
        return;
    }
    out.extend_from_slice(ryu_js::Buffer::new().format_finite(value).as_bytes());
}

fn is_escaped(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// Where the first byte that is escaped stands.
fn first_escaped(text: &[u8]) -> Option<usize> {
    let (blocks, _) = text.as_chunks::<16>();
    // Without a way out of the inner loop it is one comparison of all sixteen.
    let any = |block: &[u8; 16]| {
        block
            .iter()
            .fold(false, |any, byte| any | is_escaped(*byte))
    };
    let plain = blocks.iter().take_while(|block| !any(block)).count() * 16;
    let rest = text.get(plain..)?;
    let at = rest.iter().position(|byte| is_escaped(*byte))?;
    Some(plain + at)
}

pub(super) fn string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    while let Some(at) = first_escaped(rest) {
        let (plain, special) = rest.split_at(at);
        out.extend_from_slice(plain);
        let Some((byte, after)) = special.split_first() else {
            break;
        };
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\r' => out.extend_from_slice(b"\\r"),
            // Writing to memory can't fail.
            other => drop(write!(out, "\\u{other:04x}")),
        }
        rest = after;
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    //! Oracle: the examples of RFC 8785, sections 3.2.2 and 3.2.3 and appendix B.

    use super::*;
    use crate::tree::parse;

    fn canonical(text: &str) -> String {
        let arena = Bump::new();
        let mut out = Vec::new();
        write(parse(text.as_bytes(), &arena).unwrap(), &arena, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_example_of_section_3_2_2() {
        let text = r#"{
            "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
            "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
            "literals": [null, true, false]
        }"#;
        assert_eq!(
            canonical(text),
            "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\
             \"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"
        );
    }

    #[test]
    fn every_byte_is_escaped_or_not_wherever_it_stands() {
        for byte in 0..=0x7f_u8 {
            for before in 0..35 {
                let text = format!("{}{}é", "a".repeat(before), char::from(byte));
                let mut out = Vec::new();
                string(&text, &mut out);
                let read: String = serde_json::from_slice(&out).unwrap();
                assert_eq!(read, text);
                let same = serde_json::to_string(&text).unwrap();
                assert_eq!(String::from_utf8(out).unwrap(), same);
            }
        }
    }

    #[test]
    fn members_are_sorted_by_utf_16_as_in_section_3_2_3() {
        let text = r#"{
            "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
            "\u00f6": "Latin Small Letter O With Diaeresis"
        }"#;
        let text = canonical(text);
        let values = [
            "Carriage Return",
            "One",
            "Control",
            "Latin Small Letter O With Diaeresis",
            "Euro Sign",
            "Emoji: Grinning Face",
            "Hebrew Letter Dalet With Dagesh",
        ];
        let places: Vec<_> = values
            .iter()
            .map(|value| text.find(value).unwrap())
            .collect();
        assert!(places.is_sorted(), "{text}");
    }

    #[test]
    fn numbers_are_written_as_in_appendix_b() {
        for (bits, expected) in [
            (0x0000_0000_0000_0000, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0x41b3_de43_5555_5555, "333333333.3333333"),
            (0x41b3_de43_5555_5556, "333333333.3333334"),
            (0x41b3_de43_5555_5557, "333333333.33333343"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] {
            let mut out = Vec::new();
            number(f64::from_bits(bits), &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected, "{bits:x}");
        }
    }

    #[test]
    fn a_whole_number_of_64_bits_keeps_its_digits() {
        assert_eq!(
            canonical("[9223372036854775807,1.0]"),
            "[9223372036854775807,1]"
        );
    }

    #[test]
    fn of_two_members_with_one_name_the_first_counts() {
        assert_eq!(canonical(r#"{"b":1,"a":2,"b":3}"#), r#"{"a":2,"b":1}"#);
    }
}
