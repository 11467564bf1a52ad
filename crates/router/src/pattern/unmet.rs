//! Why an event does not match, for a person.

use std::fmt;

use crate::consistency;
use crate::fields::{Fields, PathId};

use super::{Scalar, SubRule};

/// A field of a pattern that an event's value does not satisfy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmet {
    /// The field's dotted name.
    pub field: String,
    /// The event's values of it, as JSON; empty where it has none.
    pub found: Vec<String>,
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.found.is_empty() {
            return write!(f, "{}: the event has no value here", self.field);
        }
        write!(f, "{}: found {}", self.field, self.found.join(", "))
    }
}

/// The fields of a sub-rule that do not hold, each on its own.
pub(super) fn of(fields: &Fields<'_>, sub_rule: &SubRule, paths: &[PathId]) -> Vec<Unmet> {
    sub_rule
        .fields
        .iter()
        .zip(paths)
        .filter(|((_, condition), path)| !consistency::satisfied(fields, **path, condition))
        .map(|((name, _), path)| {
            let mut found: Vec<String> = fields
                .values(*path)
                .map(|value| shown(value.scalar))
                .collect();
            found.reverse();
            Unmet {
                field: name.clone(),
                found,
            }
        })
        .collect()
}

fn shown(scalar: Scalar<'_>) -> String {
    match scalar {
        Scalar::Null => "null".to_owned(),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Integer(value) => value.to_string(),
        Scalar::Float(value) => value.to_string(),
        Scalar::Text(text) => serde_json::Value::from(text).to_string(),
    }
}
