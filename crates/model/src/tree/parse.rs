//! Text to nodes, through sonic-rs.

use std::fmt;

use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::Node;

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
    let mut deserializer = sonic_rs::Deserializer::from_slice(text);
    let node = Value { arena, depth: 0 }
        .deserialize(&mut deserializer)
        .and_then(|node| {
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
struct Value<'a> {
    arena: &'a Bump,
    depth: usize,
}

impl<'a> Value<'a> {
    fn below<E: Error>(self) -> Result<Value<'a>, E> {
        if self.depth == MAXIMUM_DEPTH {
            return Err(E::custom("nested deeper than 128 levels"));
        }
        Ok(Value {
            arena: self.arena,
            depth: self.depth + 1,
        })
    }
}

impl<'a> DeserializeSeed<'a> for Value<'a> {
    type Value = Node<'a>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Node<'a>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Value<'a> {
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
        let below = self.below()?;
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
            nodes.push((key, members.next_value_seed(below)?));
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
