//! Conditions of `aws:branch` and `aws:loop`.

use posture_content::yaml::{self, Kind, Problem, Value as Yaml};
use serde_json::Value;

use super::members::json;
use super::template::{Lookup, Unresolved, resolve};

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// All hold.
    And(Vec<Condition>),
    /// One holds.
    Or(Vec<Condition>),
    /// It doesn't hold.
    Not(Box<Condition>),
    /// A value is compared with another; both are templates.
    Test {
        /// The value.
        variable: Value,
        /// How.
        operator: Operator,
        /// What it is compared with.
        with: Value,
    },
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// The same text.
    StringEquals,
    /// The same text but for capitals.
    EqualsIgnoreCase,
    /// The text begins so.
    StartsWith,
    /// The text ends so.
    EndsWith,
    /// The text, or the list, contains it.
    Contains,
    /// The same number.
    NumericEquals,
    /// A larger number.
    NumericGreater,
    /// A smaller number.
    NumericLesser,
    /// A number as large or larger.
    NumericGreaterOrEquals,
    /// A number as small or smaller.
    NumericLesserOrEquals,
    /// The same truth.
    BooleanEquals,
}

const OPERATORS: [(&str, Operator); 11] = [
    ("StringEquals", Operator::StringEquals),
    ("EqualsIgnoreCase", Operator::EqualsIgnoreCase),
    ("StartsWith", Operator::StartsWith),
    ("EndsWith", Operator::EndsWith),
    ("Contains", Operator::Contains),
    ("NumericEquals", Operator::NumericEquals),
    ("NumericGreater", Operator::NumericGreater),
    ("NumericLesser", Operator::NumericLesser),
    ("NumericGreaterOrEquals", Operator::NumericGreaterOrEquals),
    ("NumericLesserOrEquals", Operator::NumericLesserOrEquals),
    ("BooleanEquals", Operator::BooleanEquals),
];

impl Condition {
    /// Reads a condition; members named in `beside` belong to what holds it.
    pub(super) fn read(value: &Yaml, beside: &[&str]) -> Result<Condition, Problem> {
        let Some(members) = value.members() else {
            let seen = value.kind_name();
            let message = format!("expected a condition, found {seen}");
            return Err(Problem::new(value.place, message));
        };
        let mut variable = None;
        let mut test = None;
        let mut whole = None;
        for (key, member) in members {
            match key.text.as_str() {
                name if beside.contains(&name) => {}
                "Variable" => variable = Some(json(member)),
                "And" => whole = Some(Condition::And(all(member)?)),
                "Or" => whole = Some(Condition::Or(all(member)?)),
                "Not" => {
                    whole = Some(Condition::Not(Box::new(Condition::read(member, &[])?)));
                }
                name => match OPERATORS.iter().find(|(known, _)| *known == name) {
                    Some((_, operator)) if test.is_none() => test = Some((*operator, json(member))),
                    Some(_) => {
                        return Err(Problem::new(key.place, "a second operator"));
                    }
                    None => {
                        let known = OPERATORS.iter().map(|(name, _)| *name);
                        return Err(Problem::unknown(
                            key.place,
                            "unknown operator",
                            name,
                            known.chain(["Variable", "And", "Or", "Not"]),
                        ));
                    }
                },
            }
        }
        match (whole, variable, test) {
            (Some(whole), None, None) => Ok(whole),
            (None, Some(variable), Some((operator, with))) => Ok(Condition::Test {
                variable,
                operator,
                with,
            }),
            _ => Err(Problem::new(
                value.place,
                "expected either Variable with one operator, or one of And, Or, Not",
            )),
        }
    }

    /// Reads a condition that is JSON already.
    pub(crate) fn from_json(value: &Value) -> Result<Condition, String> {
        let yaml = yaml::read(&value.to_string()).map_err(|problem| problem.message)?;
        Condition::read(&yaml, &[]).map_err(|problem| problem.message)
    }

    /// Whether it holds.
    pub(crate) fn holds(&self, lookup: &dyn Lookup) -> Result<bool, Unresolved> {
        match self {
            Condition::And(conditions) => {
                for condition in conditions {
                    if !condition.holds(lookup)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Condition::Or(conditions) => {
                for condition in conditions {
                    if condition.holds(lookup)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Condition::Not(condition) => Ok(!condition.holds(lookup)?),
            Condition::Test {
                variable,
                operator,
                with,
            } => Ok(operator.holds(&resolve(variable, lookup)?, &resolve(with, lookup)?)),
        }
    }

    /// Every template in it.
    pub(super) fn templates<'c>(&'c self, work: &mut dyn FnMut(&'c Value)) {
        match self {
            Condition::And(conditions) | Condition::Or(conditions) => {
                for condition in conditions {
                    condition.templates(work);
                }
            }
            Condition::Not(condition) => condition.templates(work),
            Condition::Test { variable, with, .. } => {
                work(variable);
                work(with);
            }
        }
    }
}

fn all(value: &Yaml) -> Result<Vec<Condition>, Problem> {
    let Kind::Sequence(conditions) = &value.kind else {
        return Err(Problem::new(value.place, "expected a list of conditions"));
    };
    conditions
        .iter()
        .map(|condition| Condition::read(condition, &[]))
        .collect()
}

impl Operator {
    /// A value of another type than the operator compares is not equal, not larger, not contained.
    fn holds(self, seen: &Value, with: &Value) -> bool {
        match self {
            Operator::StringEquals => texts(seen, with, |a, b| a == b),
            Operator::EqualsIgnoreCase => texts(seen, with, str::eq_ignore_ascii_case),
            Operator::StartsWith => texts(seen, with, |a, b| a.starts_with(b)),
            Operator::EndsWith => texts(seen, with, |a, b| a.ends_with(b)),
            Operator::Contains => match seen {
                Value::Array(elements) => elements.contains(with),
                _ => texts(seen, with, |a, b| a.contains(b)),
            },
            Operator::NumericEquals => numbers(seen, with, |a, b| (a - b) == 0.0),
            Operator::NumericGreater => numbers(seen, with, |a, b| a > b),
            Operator::NumericLesser => numbers(seen, with, |a, b| a < b),
            Operator::NumericGreaterOrEquals => numbers(seen, with, |a, b| a >= b),
            Operator::NumericLesserOrEquals => numbers(seen, with, |a, b| a <= b),
            Operator::BooleanEquals => truth(seen).is_some() && truth(seen) == truth(with),
        }
    }
}

fn texts(seen: &Value, with: &Value, compare: impl Fn(&str, &str) -> bool) -> bool {
    seen.as_str()
        .zip(with.as_str())
        .is_some_and(|(seen, with)| compare(seen, with))
}

fn numbers(seen: &Value, with: &Value, compare: impl Fn(f64, f64) -> bool) -> bool {
    let number = |value: &Value| match value {
        Value::String(text) => text.parse().ok(),
        value => value.as_f64(),
    };
    number(seen)
        .zip(number(with))
        .is_some_and(|(seen, with)| compare(seen, with))
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::String(text) => text.to_ascii_lowercase().parse().ok(),
        value => value.as_bool(),
    }
}
