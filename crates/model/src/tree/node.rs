//! One value of a JSON text.

use std::fmt;

/// A JSON value that lives as long as the arena it was parsed into.
#[derive(Clone, Copy, PartialEq)]
pub enum Node<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number without fraction that fits in 64 bits, signed.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// A string, unescaped.
    Text(&'a str),
    /// An array.
    Array(&'a [Node<'a>]),
    /// An object, in the order of its text.
    Object(&'a [(&'a str, Node<'a>)]),
}

impl<'a> Node<'a> {
    /// The member of this name; none where this is not an object or has no such member.
    pub fn get(self, name: &str) -> Option<Node<'a>> {
        match self {
            Node::Object(members) => members
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, node)| *node),
            _ => None,
        }
    }

    /// The member of this name, whatever the case of its first letter.
    ///
    /// AWS writes one structure as `sseAlgorithm` in a configuration item and as `SSEAlgorithm` in
    /// an API reply; this serves code that reads both, such as policy analysis.
    pub fn get_any_case(self, name: &str) -> Option<Node<'a>> {
        match self {
            Node::Object(members) => members
                .iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, node)| *node),
            _ => None,
        }
    }

    /// The member of this name where it is a string.
    pub fn text(self, name: &str) -> Option<&'a str> {
        self.get(name)?.as_text()
    }

    /// The member of this name where it is a boolean, or the string `true` or `false`.
    pub fn boolean(self, name: &str) -> Option<bool> {
        self.get(name)?.as_boolean()
    }

    /// The member of this name where it is a whole number, or a string that holds one.
    pub fn integer(self, name: &str) -> Option<i64> {
        self.get(name)?.as_integer()
    }

    /// The elements of the member of this name; none where it is missing or not an array.
    pub fn items(self, name: &str) -> &'a [Node<'a>] {
        self.get(name).map_or(&[], Node::elements)
    }

    /// The elements of an array; none where this is not one.
    pub fn elements(self) -> &'a [Node<'a>] {
        match self {
            Node::Array(elements) => elements,
            _ => &[],
        }
    }

    /// The elements of an array, or this node alone where it is not an array. `null` has none.
    ///
    /// IAM's grammar writes one-element lists without brackets.
    pub fn one_or_many(&self) -> &[Node<'a>] {
        match self {
            Node::Array(elements) => elements,
            Node::Null => &[],
            _ => std::slice::from_ref(self),
        }
    }

    /// The members of an object; none where this is not one.
    pub fn members(self) -> &'a [(&'a str, Node<'a>)] {
        match self {
            Node::Object(members) => members,
            _ => &[],
        }
    }

    /// The string, where this is one.
    pub fn as_text(self) -> Option<&'a str> {
        match self {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean, where this is one or is the string `true` or `false` in any case.
    pub fn as_boolean(self) -> Option<bool> {
        match self {
            Node::Bool(value) => Some(value),
            Node::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Node::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// The whole number, where this is one or a string that holds one.
    pub fn as_integer(self) -> Option<i64> {
        match self {
            Node::Integer(value) => Some(value),
            Node::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// The number, where this is one or a string that holds one.
    pub fn as_float(self) -> Option<f64> {
        match self {
            #[expect(
                clippy::cast_precision_loss,
                reason = "JSON numbers are doubles to most of its readers"
            )]
            Node::Integer(value) => Some(value as f64),
            Node::Float(value) => Some(value),
            Node::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// Whether this is `null`, an empty string, an empty array or an empty object.
    pub fn is_empty(self) -> bool {
        match self {
            Node::Null => true,
            Node::Text(text) => text.is_empty(),
            Node::Array(elements) => elements.is_empty(),
            Node::Object(members) => members.is_empty(),
            _ => false,
        }
    }

    /// What kind of value this is, in JSON's words.
    pub fn kind(self) -> &'static str {
        match self {
            Node::Null => "null",
            Node::Bool(_) => "a boolean",
            Node::Integer(_) | Node::Float(_) => "a number",
            Node::Text(_) => "a string",
            Node::Array(_) => "an array",
            Node::Object(_) => "an object",
        }
    }
}

/// Compact JSON, members in the order of the text.
impl fmt::Display for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match serde_json::to_string(self) {
            Ok(text) => f.write_str(&text),
            Err(_) => Err(fmt::Error),
        }
    }
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl serde::Serialize for Node<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Null => serializer.serialize_unit(),
            Node::Bool(value) => serializer.serialize_bool(*value),
            Node::Integer(value) => serializer.serialize_i64(*value),
            Node::Float(value) => serializer.serialize_f64(*value),
            Node::Text(text) => serializer.serialize_str(text),
            Node::Array(elements) => serializer.collect_seq(*elements),
            Node::Object(members) => {
                serializer.collect_map(members.iter().map(|(name, node)| (name, node)))
            }
        }
    }
}
