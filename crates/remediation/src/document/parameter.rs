//! Parameters: their types, their constraints, their values.

use std::collections::BTreeMap;

use fancy_regex::{Regex, RegexBuilder};
use posture_content::yaml::{Problem, Value as Yaml};
use serde_json::Value;

use super::members::{Members, json};

/// The type of a parameter or an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text. AWS's own types (`AWS::EC2::Instance::Id`) are texts too.
    String,
    /// Texts.
    StringList,
    /// True or false.
    Boolean,
    /// A whole number.
    Integer,
    /// Mappings.
    MapList,
    /// A mapping.
    StringMap,
}

const KINDS: [(&str, Kind); 6] = [
    ("String", Kind::String),
    ("StringList", Kind::StringList),
    ("Boolean", Kind::Boolean),
    ("Integer", Kind::Integer),
    ("MapList", Kind::MapList),
    ("StringMap", Kind::StringMap),
];

impl Kind {
    /// As documents spell it.
    pub fn as_str(self) -> &'static str {
        KINDS
            .iter()
            .find(|(_, kind)| *kind == self)
            .map_or("String", |(name, _)| name)
    }

    pub(crate) fn is_list(self) -> bool {
        matches!(self, Kind::StringList | Kind::MapList)
    }

    pub(super) fn read(value: &Yaml, problems: &mut Vec<Problem>) -> Option<Kind> {
        let text = value.text().unwrap_or_default();
        if let Some((_, kind)) = KINDS.iter().find(|(name, _)| *name == text) {
            return Some(*kind);
        }
        if text.starts_with("AWS::") {
            return Some(Kind::String);
        }
        if text.starts_with("List<AWS::") && text.ends_with('>') {
            return Some(Kind::StringList);
        }
        problems.push(Problem::unknown(
            value.place,
            "unknown type",
            text,
            KINDS.iter().map(|(name, _)| *name),
        ));
        None
    }

    /// The value in this type. Texts are read as the type; other types than the own are refused.
    fn admit(self, value: &Value) -> Option<Value> {
        match (self, value) {
            (Kind::String, Value::Bool(_) | Value::Number(_)) => {
                Some(Value::String(value.to_string()))
            }
            (Kind::Boolean, Value::String(text)) => match text.to_ascii_lowercase().as_str() {
                "true" => Some(Value::Bool(true)),
                "false" => Some(Value::Bool(false)),
                _ => None,
            },
            (Kind::Integer, Value::String(text)) => text.parse::<i64>().ok().map(Into::into),
            (Kind::StringList, Value::String(text)) if !text.starts_with('[') => {
                let parts = text.split(',').map(|part| part.trim().into());
                Some(Value::Array(parts.collect()))
            }
            (Kind::StringList | Kind::MapList | Kind::StringMap, Value::String(text)) => {
                let parsed: Value = serde_json::from_str(text).ok()?;
                (!parsed.is_string()).then(|| self.admit(&parsed)).flatten()
            }
            (Kind::String, Value::String(_))
            | (Kind::Boolean, Value::Bool(_))
            | (Kind::StringMap, Value::Object(_)) => Some(value.clone()),
            (Kind::Integer, Value::Number(number)) if number.is_i64() => Some(value.clone()),
            (Kind::StringList, Value::Array(elements)) if elements.iter().all(Value::is_string) => {
                Some(value.clone())
            }
            (Kind::MapList, Value::Array(elements)) if elements.iter().all(Value::is_object) => {
                Some(value.clone())
            }
            _ => None,
        }
    }
}

/// What a document is given under a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its type.
    pub kind: Kind,
    /// What it is for.
    pub description: Option<String>,
    /// Its value where none is given; without one it has to be given.
    pub default: Option<Value>,
    /// The only values, where there are any.
    pub allowed_values: Vec<Value>,
    /// What its text has to match: a regular expression.
    pub allowed_pattern: Option<String>,
    /// `minChars` and `maxChars` of a text, `minItems` and `maxItems` of a list.
    pub size: (Option<u32>, Option<u32>),
}

const MEMBERS: &[&str] = &[
    "type",
    "description",
    "default",
    "allowedValues",
    "allowedPattern",
    "minItems",
    "maxItems",
    "minChars",
    "maxChars",
    "displayType",
];

pub(super) fn read(value: &Yaml, problems: &mut Vec<Problem>) -> Option<Parameter> {
    let members = Members::of(value, "a parameter", MEMBERS, problems)?;
    let kind = Kind::read(members.needed("type", problems)?, problems)?;
    let pattern = members.text("allowedPattern", problems);
    if let Some(pattern) = pattern
        && let Err(error) = compiled(pattern)
    {
        problems.push(Problem::new(
            members.place,
            format!("allowedPattern {pattern:?} is no regular expression: {error}"),
        ));
    }
    let (least, most) = if kind.is_list() {
        ("minItems", "maxItems")
    } else {
        ("minChars", "maxChars")
    };
    let parameter = Parameter {
        kind,
        description: members.text("description", problems).map(str::to_owned),
        default: members.get("default").map(json),
        allowed_values: members
            .list("allowedValues", problems)
            .iter()
            .map(json)
            .collect(),
        allowed_pattern: pattern.map(str::to_owned),
        size: (
            members.count(least, problems),
            members.count(most, problems),
        ),
    };
    if let (Some(default), Some(given)) = (&parameter.default, members.get("default"))
        && kind.admit(default).is_none()
    {
        let message = format!("the default is no {}", kind.as_str());
        problems.push(Problem::new(given.place, message));
    }
    Some(parameter)
}

/// What a pattern may take, compiled: a class of many letters, many times, is large.
const PATTERN_BYTES: usize = 64 << 20;

/// Patterns have to match the whole value.
fn compiled(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(&format!("^(?:{pattern})$"))
        .delegate_size_limit(PATTERN_BYTES)
        .build()
        .map_err(|error| error.to_string())
}

impl Parameter {
    /// Why a value is none of this parameter's, or the value in its type.
    fn admit(&self, name: &str, value: &Value) -> Result<Value, String> {
        let Some(value) = self.kind.admit(value) else {
            return Err(format!(
                "{name} is {value}, expected {}",
                self.kind.as_str()
            ));
        };
        if !self.allowed_values.is_empty() {
            let is_allowed = |one: &Value| {
                let same = |known: &Value| {
                    known == one || self.kind.admit(known).is_some_and(|known| known == *one)
                };
                self.allowed_values.iter().any(same)
            };
            let all = match &value {
                Value::Array(elements) => elements.iter().all(is_allowed),
                one => is_allowed(one),
            };
            if !all {
                let allowed: Vec<String> =
                    self.allowed_values.iter().map(Value::to_string).collect();
                return Err(format!(
                    "{name} is {value}, allowed are {}",
                    allowed.join(", ")
                ));
            }
        }
        if let Some(pattern) = &self.allowed_pattern {
            let regex = compiled(pattern)?;
            // A pattern that takes too long to match matches nothing.
            let fits = |one: &Value| {
                let matches = |text| regex.is_match(text).is_ok_and(|matches| matches);
                one.as_str().is_none_or(matches)
            };
            let all = match &value {
                Value::Array(elements) => elements.iter().all(fits),
                one => fits(one),
            };
            if !all {
                return Err(format!("{name} is {value}, which doesn't match {pattern}"));
            }
        }
        let size = match &value {
            Value::Array(elements) => elements.len(),
            Value::String(text) => text.chars().count(),
            _ => return Ok(value),
        };
        let (least, most) = self.size;
        let too_small = least.is_some_and(|least| size < least as usize);
        let too_large = most.is_some_and(|most| size > most as usize);
        if too_small || too_large {
            return Err(format!(
                "{name} has a size of {size}, outside of its limits"
            ));
        }
        Ok(value)
    }
}

pub(super) fn arguments(
    parameters: &BTreeMap<String, Parameter>,
    given: &BTreeMap<String, Value>,
) -> Result<BTreeMap<String, Value>, Vec<String>> {
    let mut problems = Vec::new();
    let mut arguments = BTreeMap::new();
    for name in given.keys().filter(|name| !parameters.contains_key(*name)) {
        let known: Vec<&str> = parameters.keys().map(String::as_str).collect();
        problems.push(format!(
            "the document has no parameter {name}; it takes {}",
            known.join(", ")
        ));
    }
    for (name, parameter) in parameters {
        // A default is not held against the pattern: `""` says that nothing is given.
        match (given.get(name), &parameter.default) {
            (Some(value), _) => match parameter.admit(name, value) {
                Ok(value) => {
                    arguments.insert(name.clone(), value);
                }
                Err(problem) => problems.push(problem),
            },
            (None, Some(default)) => {
                let default = parameter.kind.admit(default);
                arguments.insert(name.clone(), default.unwrap_or(Value::Null));
            }
            (None, None) => problems.push(format!("{name} is missing")),
        }
    }
    if problems.is_empty() {
        Ok(arguments)
    } else {
        Err(problems)
    }
}
