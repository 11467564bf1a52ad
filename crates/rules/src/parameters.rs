//! Parameters as AWS names, types and defaults them.

use std::fmt;

use posture_model::{InsufficientData, Reason};

/// A parameter of a rule.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// AWS's name.
    pub name: &'static str,
    /// What its value is; AWS passes every value as a string.
    pub kind: Kind,
    /// AWS's default, as a string.
    pub default: Option<&'static str>,
}

/// What a parameter's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// Texts between commas.
    List,
}

impl Kind {
    /// AWS's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Text => "String",
            Kind::Integer => "int",
            Kind::Boolean => "boolean",
            Kind::List => "CSV",
        }
    }
}

/// The values of a rule's parameters, checked against their declaration.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Params(Vec<(&'static str, Value)>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Value {
    Text(String),
    Integer(i64),
    Boolean(bool),
    List(Vec<String>),
}

/// Why parameters can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterError {
    /// The parameter's name as it was given.
    pub name: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl fmt::Display for ParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "parameter {:?} {}", self.name, self.message)
    }
}

impl std::error::Error for ParameterError {}

impl Params {
    /// Checks values against a declaration, and fills in AWS's defaults. Empty values count as not
    /// given, as AWS's pack templates mean them.
    ///
    /// # Errors
    /// Every parameter that the rule doesn't have, and every value of another kind.
    pub fn resolve<'v>(
        declared: &'static [Parameter],
        given: impl IntoIterator<Item = (&'v str, &'v str)>,
    ) -> Result<Params, Vec<ParameterError>> {
        let mut errors = Vec::new();
        let mut texts: Vec<(&Parameter, String)> = declared
            .iter()
            .filter_map(|parameter| parameter.default.map(|text| (parameter, text.to_owned())))
            .collect();
        for (name, text) in given {
            // AWS itself does not mind the case of a parameter's first letter.
            match declared
                .iter()
                .find(|known| known.name.eq_ignore_ascii_case(name))
            {
                None => errors.push(unknown(declared, name)),
                Some(_) if text.trim().is_empty() => {}
                Some(parameter) => {
                    texts.retain(|(known, _)| known.name != parameter.name);
                    texts.push((parameter, text.to_owned()));
                }
            }
        }
        let mut values = Vec::new();
        for (parameter, text) in texts {
            match convert(parameter.kind, &text) {
                Some(value) => values.push((parameter.name, value)),
                None => errors.push(ParameterError {
                    name: parameter.name.to_owned(),
                    message: format!("is {text:?}, expected {}", expected(parameter.kind)),
                }),
            }
        }
        values.sort();
        if errors.is_empty() {
            Ok(Params(values))
        } else {
            Err(errors)
        }
    }

    /// A text that the rule can't do without.
    ///
    /// # Errors
    /// Where it is neither given nor defaulted.
    pub fn text(&self, name: &'static str) -> Result<&str, InsufficientData> {
        self.optional_text(name).ok_or_else(|| missing(name))
    }

    /// A whole number that the rule can't do without.
    ///
    /// # Errors
    /// Where it is neither given nor defaulted.
    pub fn integer(&self, name: &'static str) -> Result<i64, InsufficientData> {
        self.optional_integer(name).ok_or_else(|| missing(name))
    }

    /// The texts of a list that the rule can't do without.
    ///
    /// # Errors
    /// Where it is neither given nor defaulted, or names nothing.
    pub fn required_list(&self, name: &'static str) -> Result<&[String], InsufficientData> {
        match self.list(name) {
            [] => Err(missing(name)),
            texts => Ok(texts),
        }
    }

    /// A text.
    pub fn optional_text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A whole number.
    pub fn optional_integer(&self, name: &str) -> Option<i64> {
        match self.get(name)? {
            Value::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// A boolean.
    pub fn optional_boolean(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Value::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    /// Whether a boolean is given and true.
    pub fn is_true(&self, name: &str) -> bool {
        self.optional_boolean(name) == Some(true)
    }

    /// The texts of a list; none where it isn't given.
    pub fn list(&self, name: &str) -> &[String] {
        match self.get(name) {
            Some(Value::List(texts)) => texts,
            _ => &[],
        }
    }

    /// Names and values as AWS writes them, sorted by name.
    pub fn texts(&self) -> Vec<(&'static str, String)> {
        let text = |value: &Value| match value {
            Value::Text(text) => text.clone(),
            Value::Integer(value) => value.to_string(),
            Value::Boolean(value) => value.to_string(),
            Value::List(texts) => texts.join(","),
        };
        self.0
            .iter()
            .map(|(name, value)| (*name, text(value)))
            .collect()
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }
}

fn missing(name: &str) -> InsufficientData {
    InsufficientData {
        path: String::new(),
        reason: Reason::InvalidParameter {
            name: name.to_owned(),
            message: "is required and has no value".to_owned(),
        },
    }
}

fn unknown(declared: &[Parameter], name: &str) -> ParameterError {
    let names: Vec<&str> = declared.iter().map(|parameter| parameter.name).collect();
    let message = if names.is_empty() {
        "is unknown; the rule takes none".to_owned()
    } else {
        format!("is unknown; the rule takes {}", names.join(", "))
    };
    ParameterError {
        name: name.to_owned(),
        message,
    }
}

fn convert(kind: Kind, text: &str) -> Option<Value> {
    let text = text.trim();
    match kind {
        Kind::Text => Some(Value::Text(text.to_owned())),
        Kind::Integer => text.parse().ok().map(Value::Integer),
        Kind::Boolean if text.eq_ignore_ascii_case("true") => Some(Value::Boolean(true)),
        Kind::Boolean if text.eq_ignore_ascii_case("false") => Some(Value::Boolean(false)),
        Kind::Boolean => None,
        Kind::List => Some(Value::List(
            text.split(',')
                .map(|part| part.trim().to_owned())
                .filter(|part| !part.is_empty())
                .collect(),
        )),
    }
}

fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Integer => "a whole number",
        Kind::Boolean => "true or false",
        Kind::List => "texts between commas",
    }
}
