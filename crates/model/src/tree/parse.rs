//! Text to nodes, through sonic-rs.

use std::fmt;

use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use sonic_rs::JsonValueTrait as _;

use super::Node;
use super::selection::{Selection, Wanted};

/// Deeper nesting than this is an error: AWS Config's deepest types have about twenty levels, and
/// an unbounded depth would let a file overflow the stack.
pub const MAXIMUM_DEPTH: usize = 128;

/// Why a text is not JSON, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What was wrong.
    pub message: String,
    /// Byte offset in the text.
    pub offset: usize,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.message, self.offset)
    }
}

impl std::error::Error for SyntaxError {}

/// Parses one JSON value, which must be the whole of `text` but for white space.
///
/// # Errors
/// Where the text is not JSON (RFC 8259), is not UTF-8, or nests deeper than [`MAXIMUM_DEPTH`].
pub fn parse<'a>(text: &'a [u8], arena: &'a Bump) -> Result<Node<'a>, SyntaxError> {
    read(text, Wanted::WHOLE, arena)
}

/// The nodes of a value that is there already, as of a `serde_json::Value`; its texts are borrowed.
///
/// # Errors
/// Where it nests deeper than [`MAXIMUM_DEPTH`].
pub fn node_of<'a, D: Deserializer<'a>>(value: D, arena: &'a Bump) -> Result<Node<'a>, D::Error> {
    let whole = Value {
        arena,
        depth: 0,
        wanted: Wanted::WHOLE,
    };
    whole.deserialize(value)
}

/// Parses what is wanted of one JSON value; the rest is validated and skipped.
///
/// The nesting of what is skipped is not counted: hand over only a text that is known to nest no
/// deeper than [`MAXIMUM_DEPTH`], or it may overflow the stack.
///
/// # Errors
/// As [`parse`].
pub fn parse_selected<'a>(
    text: &'a [u8],
    selection: &Selection,
    arena: &'a Bump,
) -> Result<Node<'a>, SyntaxError> {
    read(text, Wanted::of(selection), arena)
}

/// Reads the string member of this name of the object that `text` is, skipping what is before it.
/// The same is to be said of the nesting as of [`parse_selected`].
pub fn peek_text<T>(text: &[u8], name: &str, read: impl FnOnce(&str) -> T) -> Option<T> {
    let value = sonic_rs::get(text, [name]).ok()?;
    value.as_str().map(read)
}

fn read<'a>(text: &'a [u8], wanted: Wanted<'_>, arena: &'a Bump) -> Result<Node<'a>, SyntaxError> {
    let mut deserializer = sonic_rs::Deserializer::from_slice(text);
    let value = Value {
        arena,
        depth: 0,
        wanted,
    };
    let node = value.deserialize(&mut deserializer).and_then(|node| {
        deserializer.end()?;
        Ok(node)
    });
    node.map_err(|error| SyntaxError {
        message: first_line(&error),
        offset: error.offset(),
    })
}

/// sonic-rs puts an excerpt of the input into further lines; the input is not ours to repeat.
fn first_line(error: &sonic_rs::Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().map_or("", |line| {
        line.split(" at line ").next().map_or(line, str::trim)
    });
    line.to_owned()
}

#[derive(Clone, Copy)]
struct Value<'a, 's> {
    arena: &'a Bump,
    depth: usize,
    wanted: Wanted<'s>,
}

impl<'s> Value<'_, 's> {
    fn below<E: Error>(self) -> Result<Self, E> {
        if self.depth == MAXIMUM_DEPTH {
            return Err(E::custom("nested deeper than 128 levels"));
        }
        Ok(Value {
            depth: self.depth + 1,
            ..self
        })
    }

    fn wanting(self, wanted: Wanted<'s>) -> Self {
        Value { wanted, ..self }
    }
}

impl<'a> DeserializeSeed<'a> for Value<'a, '_> {
    type Value = Node<'a>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Node<'a>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Value<'a, '_> {
    type Value = Node<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Node<'a>, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Node<'a>, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Node<'a>, E> {
        Ok(Node::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Node<'a>, E> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "beyond 63 bits a JSON number is a double, as RFC 8259 section 6 advises"
        )]
        Ok(i64::try_from(value).map_or(Node::Float(value as f64), Node::Integer))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Node<'a>, E> {
        Ok(Node::Float(value))
    }

    fn visit_borrowed_str<E: Error>(self, value: &'a str) -> Result<Node<'a>, E> {
        Ok(Node::Text(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Node<'a>, E> {
        Ok(Node::Text(self.arena.alloc_str(value)))
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut elements: A) -> Result<Node<'a>, A::Error> {
        let elements_wanted = match self.wanted.0 {
            Some(selection) => selection.element(),
            None => Wanted::WHOLE,
        };
        let below = self.below()?.wanting(elements_wanted);
        let mut nodes = BumpVec::new_in(self.arena);
        while let Some(node) = elements.next_element_seed(below)? {
            nodes.push(node);
        }
        Ok(Node::Array(nodes.into_bump_slice()))
    }

    fn visit_map<A: MapAccess<'a>>(self, mut members: A) -> Result<Node<'a>, A::Error> {
        let below = self.below()?;
        let mut nodes = BumpVec::with_capacity_in(8, self.arena);
        while let Some(key) = members.next_key_seed(Key(self.arena))? {
            let wanted = match self.wanted.0 {
                Some(selection) => selection.member(key),
                None => Some(Wanted::WHOLE),
            };
            match wanted {
                Some(wanted) => {
                    nodes.push((key, members.next_value_seed(below.wanting(wanted))?));
                }
                None => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Node::Object(nodes.into_bump_slice()))
    }
}

struct Key<'a>(&'a Bump);

impl<'a> DeserializeSeed<'a> for Key<'a> {
    type Value = &'a str;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<&'a str, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'a> Visitor<'a> for Key<'a> {
    type Value = &'a str;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_borrowed_str<E: Error>(self, value: &'a str) -> Result<&'a str, E> {
        Ok(value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<&'a str, E> {
        Ok(self.0.alloc_str(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path_segments;

    fn read(text: &str) -> String {
        let arena = Bump::new();
        match parse(text.as_bytes(), &arena) {
            Ok(node) => node.to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn every_kind_of_value_is_read_and_written_back() {
        let text = r#"{"a":[null,true,-1,1.5,"x\ny\u00e9"],"b":{},"c":[]}"#;
        assert_eq!(
            read(text),
            "{\"a\":[null,true,-1,1.5,\"x\\nyé\"],\"b\":{},\"c\":[]}"
        );
    }

    #[test]
    fn broken_text_is_an_error_with_its_place() {
        for text in [
            "",
            "{",
            "[1,]",
            "{\"a\":}",
            "1 2",
            "nul",
            "\"\\ud800\"x",
            "{\"a\" 1}",
        ] {
            let arena = Bump::new();
            assert!(parse(text.as_bytes(), &arena).is_err(), "{text:?}");
        }
    }

    fn selected(text: &str, places: &[&str]) -> String {
        let mut selection = Selection::default();
        for place in places {
            selection.add(path_segments(place));
        }
        let arena = Bump::new();
        match parse_selected(text.as_bytes(), &selection, &arena) {
            Ok(node) => node.to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn what_is_not_wanted_is_skipped_and_what_is_wanted_is_whole() {
        let text = r#"{"a":{"b":[{"c":1,"d":{"e":2}},{"d":3}],"x":"\u0041"},"f":{"g":{}},"h":1}"#;
        for (places, wanted) in [
            (
                &["a.b[*].d", "f"][..],
                r#"{"a":{"b":[{"d":{"e":2}},{"d":3}]},"f":{"g":{}}}"#,
            ),
            (
                &["a.b[*].c", "a.b", "h.i"],
                r#"{"a":{"b":[{"c":1,"d":{"e":2}},{"d":3}]},"h":1}"#,
            ),
            // Another kind of value than the place goes through is there to be seen.
            (&["a.b.c"], r#"{"a":{"b":[{"c":1,"d":{"e":2}},{"d":3}]}}"#),
            (&["f[*].x"], r#"{"f":{"g":{}}}"#),
            (&["a.\"x\""], r#"{"a":{"x":"A"}}"#),
        ] {
            assert_eq!(selected(text, places), wanted, "{places:?}");
        }
    }

    #[test]
    fn what_is_skipped_has_to_be_json_too() {
        for text in [
            r#"{"a":[1,]}"#,
            r#"{"a":tru}"#,
            r#"{"a":"\x"}"#,
            r#"{"a":1"#,
        ] {
            assert!(selected(text, &["b"]).contains(" at byte "), "{text}");
        }
    }

    #[test]
    fn a_member_is_read_before_the_rest() {
        let text = br#"{"a":{"type":"x"},"type":"y\u0041","b":"#;
        assert_eq!(
            peek_text(text, "type", str::to_owned),
            Some("yA".to_owned())
        );
        assert_eq!(peek_text(text, "missing", str::to_owned), None);
        assert_eq!(peek_text(text, "a", str::to_owned), None);
    }

    #[test]
    fn bytes_that_are_not_utf8_are_an_error() {
        let arena = Bump::new();
        assert!(parse(b"\"\xff\xfe\"", &arena).is_err());
    }

    #[test]
    fn deep_nesting_is_an_error_and_not_an_overflow() {
        let text = "[".repeat(100_000);
        assert!(read(&text).contains("128 levels"), "{}", read(&text));
    }
}
