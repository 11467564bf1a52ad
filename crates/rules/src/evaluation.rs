//! A verdict that explains itself.

use std::borrow::Cow;
use std::fmt;

use posture_model::tree::Node;
use posture_model::{InsufficientData, Path};

/// What a rule returns: a verdict, or why there can be none.
pub type Verdict<'a> = Result<Evaluation<'a>, InsufficientData>;

/// AWS Config's compliance types (API reference, `Evaluation`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ComplianceType {
    /// The resource meets the rule.
    Compliant,
    /// It doesn't.
    NonCompliant,
    /// The rule says nothing about this resource.
    NotApplicable,
    /// The check could not run.
    InsufficientData,
}

impl ComplianceType {
    /// AWS's word.
    pub fn as_str(self) -> &'static str {
        match self {
            ComplianceType::Compliant => "COMPLIANT",
            ComplianceType::NonCompliant => "NON_COMPLIANT",
            ComplianceType::NotApplicable => "NOT_APPLICABLE",
            ComplianceType::InsufficientData => "INSUFFICIENT_DATA",
        }
    }
}

/// A verdict with its reason: the place looked at, what was found, what was expected.
#[derive(Debug, Clone)]
pub struct Evaluation<'a> {
    /// The verdict; never `InsufficientData`.
    pub compliance_type: ComplianceType,
    /// The place that decided.
    pub place: Place,
    /// What stands there.
    pub found: Shown<'a>,
    /// What the rule wants there; for `NotApplicable`, why the rule says nothing.
    pub expected: Shown<'a>,
}

impl<'a> Evaluation<'a> {
    /// The resource meets the rule, because of what stands at `place`.
    pub fn compliant(place: impl Into<Place>, found: impl Into<Shown<'a>>) -> Evaluation<'a> {
        Evaluation {
            compliance_type: ComplianceType::Compliant,
            place: place.into(),
            found: found.into(),
            expected: Shown::Nothing,
        }
    }

    /// The resource fails the rule.
    pub fn non_compliant(
        place: impl Into<Place>,
        found: impl Into<Shown<'a>>,
        expected: impl Into<Shown<'a>>,
    ) -> Evaluation<'a> {
        Evaluation {
            compliance_type: ComplianceType::NonCompliant,
            place: place.into(),
            found: found.into(),
            expected: expected.into(),
        }
    }

    /// The rule says nothing about this resource; `because` says why.
    pub fn not_applicable(
        place: impl Into<Place>,
        found: impl Into<Shown<'a>>,
        because: impl Into<Shown<'a>>,
    ) -> Evaluation<'a> {
        Evaluation {
            compliance_type: ComplianceType::NotApplicable,
            place: place.into(),
            found: found.into(),
            expected: because.into(),
        }
    }

    /// The reason in words.
    pub fn reason(&self) -> String {
        let Evaluation {
            place,
            found,
            expected,
            ..
        } = self;
        match self.compliance_type {
            ComplianceType::NonCompliant => format!("{place} is {found}, expected {expected}"),
            ComplianceType::NotApplicable => format!("{place} is {found}: {expected}"),
            _ => format!("{place} is {found}"),
        }
    }
}

/// A path, or one element of the array that its first `[*]` stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    path: Path,
    index: Option<usize>,
}

impl Place {
    /// Element `index` of the path's first array, counted from 0.
    pub fn element(path: Path, index: usize) -> Place {
        Place {
            path,
            index: Some(index),
        }
    }
}

impl From<Path> for Place {
    fn from(path: Path) -> Place {
        Place { path, index: None }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.index {
            Some(index) => {
                f.write_str(&self.path.as_str().replacen("[*]", &format!("[{index}]"), 1))
            }
            None => write!(f, "{}", self.path),
        }
    }
}

/// A value in an explanation.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown<'a> {
    /// Nothing is set.
    Nothing,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Words.
    Text(Cow<'a, str>),
    /// A part of the item.
    Node(Node<'a>),
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shown::Nothing => f.write_str("not set"),
            Shown::Bool(value) => write!(f, "{value}"),
            Shown::Integer(value) => write!(f, "{value}"),
            Shown::Text(text) => f.write_str(text),
            Shown::Node(Node::Text(text)) => f.write_str(text),
            Shown::Node(node) => write!(f, "{node}"),
        }
    }
}

impl<'a> From<&'a str> for Shown<'a> {
    fn from(text: &'a str) -> Self {
        Shown::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Shown<'_> {
    fn from(text: String) -> Self {
        Shown::Text(Cow::Owned(text))
    }
}

impl From<bool> for Shown<'_> {
    fn from(value: bool) -> Self {
        Shown::Bool(value)
    }
}

impl From<i64> for Shown<'_> {
    fn from(value: i64) -> Self {
        Shown::Integer(value)
    }
}

impl<'a> From<Node<'a>> for Shown<'a> {
    fn from(node: Node<'a>) -> Self {
        Shown::Node(node)
    }
}

impl<'a, T: Into<Shown<'a>>> From<Option<T>> for Shown<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Shown::Nothing, Into::into)
    }
}
