//! EventBridge event patterns.
//!
//! Semantics: AWS's "Comparison operators for use in event patterns in Amazon EventBridge"
//! (eb-create-pattern-operators.html), and where that page is silent `aws/event-ruler`, the matcher
//! behind EventBridge. Where this differs from event-ruler on purpose:
//!
//! - an IPv4 address is in no IPv6 block, and the other way round;
//! - `equals-ignore-case` takes characters beyond the basic plane as they are;
//! - the text after a pattern's last brace must be white space;
//! - numbers of events that binary64 cannot hold are taken as their nearest double, unless they are
//!   whole and fit 64 bits.

mod address;
mod alternative;
mod compile;
mod fold;
mod number;
mod operator;
mod unmet;
mod wildcard;

use posture_model::tree::Node;

pub use unmet::Unmet;

pub(crate) use address::Block;
pub(crate) use alternative::{Alternative, AnythingBut, Condition, Scalar, TextTest};
pub(crate) use number::{Comparable, Literal, Range};

use crate::consistency;
use crate::error::PatternError;
use crate::fields::{Fields, PathId, Paths};
use crate::json;

pub(crate) use address::parse as parse_address;

/// A pattern of which each field may be asked of an event.
#[derive(Debug, Clone)]
pub struct Pattern {
    sub_rules: Vec<SubRule>,
    paths: Paths,
    /// The fields of each sub-rule in `paths`, in the order of their names.
    fields: Vec<Vec<PathId>>,
}

/// What all of an event's fields must satisfy together; one of a pattern's `$or` combinations.
#[derive(Debug, Clone)]
pub(crate) struct SubRule {
    /// Dotted name and what is asked, in the order of the names.
    pub(crate) fields: Vec<(String, Condition)>,
}

impl Pattern {
    /// Reads a pattern, a JSON object.
    ///
    /// # Errors
    /// Where the text is not JSON, or not a pattern; with the place.
    pub fn parse(text: &str) -> Result<Pattern, PatternError> {
        let sub_rules = json::parse(text)
            .and_then(|root| compile::compile(&root))
            .map_err(|fault| fault.at(text))?;
        let mut paths = Paths::default();
        let fields = sub_rules
            .iter()
            .map(|sub_rule| {
                sub_rule
                    .fields
                    .iter()
                    .map(|(name, _)| paths.insert(name))
                    .collect()
            })
            .collect();
        Ok(Pattern {
            sub_rules,
            paths,
            fields,
        })
    }

    /// Whether an event matches. What is no object matches nothing.
    pub fn matches(&self, event: Node<'_>) -> bool {
        let fields = Fields::collect(&self.paths, event);
        self.sub_rules
            .iter()
            .zip(&self.fields)
            .any(|(sub_rule, paths)| {
                let asked = paths.iter().copied().zip(sub_rule.fields.iter());
                let asked: Vec<_> = asked
                    .map(|(path, (_, condition))| (path, condition))
                    .collect();
                consistency::holds(&fields, &asked)
            })
    }

    /// What an event lacks of matching: the fields that do not hold, of the `$or` combination of which
    /// the fewest do not. Empty where each field holds, but not in one element of an array, and where
    /// the event matches.
    pub fn unmet(&self, event: Node<'_>) -> Vec<Unmet> {
        let fields = Fields::collect(&self.paths, event);
        self.sub_rules
            .iter()
            .zip(&self.fields)
            .map(|(sub_rule, paths)| unmet::of(&fields, sub_rule, paths))
            .min_by_key(Vec::len)
            .unwrap_or_default()
    }

    pub(crate) fn sub_rules(&self) -> &[SubRule] {
        &self.sub_rules
    }
}
