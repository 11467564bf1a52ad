//! What one element of a pattern's array accepts.

use std::net::IpAddr;

use posture_model::tree::Node;

use super::address::{self, Block};
use super::fold::Fold;
use super::number::{Comparable, Literal, Range};
use super::wildcard::Wildcard;

/// A value of an event that is neither an object nor an array.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Scalar<'e> {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(&'e str),
}

impl<'e> Scalar<'e> {
    pub(crate) fn of(node: Node<'e>) -> Option<Scalar<'e>> {
        match node {
            Node::Null => Some(Scalar::Null),
            Node::Bool(value) => Some(Scalar::Bool(value)),
            Node::Integer(value) => Some(Scalar::Integer(value)),
            Node::Float(value) => Some(Scalar::Float(value)),
            Node::Text(value) => Some(Scalar::Text(value)),
            Node::Array(_) | Node::Object(_) => None,
        }
    }
}

/// One element of the array that a field of a pattern holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Alternative {
    Exists,
    /// `exists: false`. Accepts no value; see [`Condition`].
    Absent,
    Null,
    Bool(bool),
    Number(Literal),
    Range(Range),
    /// A text that is an IP address accepts that address however it is written.
    Address(IpAddr),
    Cidr(Block),
    Text(TextTest),
    AnythingBut(AnythingBut),
}

/// A test of a string.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum TextTest {
    Equals(String),
    EqualsIgnoreCase(Fold),
    Prefix(String),
    PrefixIgnoreCase(Fold),
    Suffix(String),
    SuffixIgnoreCase(Fold),
    Wildcard(Wildcard),
}

/// Accepts every value but these; a value of another type is none of these.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum AnythingBut {
    Numbers(Vec<Comparable>),
    Texts(Vec<TextTest>),
}

impl Alternative {
    pub(crate) fn accepts(&self, scalar: Scalar<'_>) -> bool {
        match (self, scalar) {
            (Alternative::Exists, _) | (Alternative::Null, Scalar::Null) => true,
            (Alternative::Bool(expected), Scalar::Bool(value)) => *expected == value,
            (Alternative::Number(literal), _) => literal.accepts(scalar),
            (Alternative::Range(range), _) => {
                Comparable::of_scalar(scalar).is_some_and(|number| range.contains(number))
            }
            (Alternative::Address(expected), Scalar::Text(value)) => {
                address::parse(value) == Some(*expected)
            }
            (Alternative::Cidr(block), Scalar::Text(value)) => {
                address::parse(value).is_some_and(|address| block.contains(address))
            }
            (Alternative::Text(test), Scalar::Text(value)) => test.accepts(value),
            (Alternative::AnythingBut(but), _) => but.accepts(scalar),
            _ => false,
        }
    }
}

impl TextTest {
    pub(crate) fn accepts(&self, value: &str) -> bool {
        match self {
            TextTest::Equals(text) => value == text,
            TextTest::EqualsIgnoreCase(fold) => fold.equals(value),
            TextTest::Prefix(text) => value.starts_with(text.as_str()),
            TextTest::PrefixIgnoreCase(fold) => fold.begins(value),
            TextTest::Suffix(text) => value.ends_with(text.as_str()),
            TextTest::SuffixIgnoreCase(fold) => fold.ends_of(value),
            TextTest::Wildcard(wildcard) => wildcard.accepts(value),
        }
    }
}

impl AnythingBut {
    fn accepts(&self, scalar: Scalar<'_>) -> bool {
        match (self, scalar) {
            (AnythingBut::Numbers(numbers), _) => {
                !Comparable::of_scalar(scalar).is_some_and(|number| numbers.contains(&number))
            }
            (AnythingBut::Texts(tests), Scalar::Text(value)) => {
                !tests.iter().any(|test| test.accepts(value))
            }
            (AnythingBut::Texts(_), _) => true,
        }
    }
}

/// What a field of a pattern asks: any of these.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Condition {
    pub(crate) alternatives: Vec<Alternative>,
}

impl Condition {
    /// Whether the field may hold this value.
    pub(crate) fn accepts(&self, scalar: Scalar<'_>) -> bool {
        self.alternatives
            .iter()
            .any(|alternative| alternative.accepts(scalar))
    }

    /// Whether the field may be missing.
    pub(crate) fn accepts_absence(&self) -> bool {
        self.alternatives.contains(&Alternative::Absent)
    }
}
