//! Holds an input against its model, and completes it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::{customise, timestamp};
use crate::error::{InputError, InputProblem, Nearest};
use crate::model::{Kind, Location, Member, Operation, Service, Shape};

/// The input with what the client adds (idempotency tokens, and what botocore's handlers add), checked: no member
/// is unknown, none that is required is missing, and each is of its type. Members that are null are dropped.
///
/// # Errors
/// Everything that is wrong, with its place.
pub(crate) fn complete(
    service: &Service,
    operation: &Operation,
    input: &Value,
    token: &dyn Fn() -> String,
) -> Result<Value, InputError> {
    let mut check = Check {
        service,
        path: Vec::new(),
        problems: Vec::new(),
        token,
    };
    let completed = if let Some(member) = &operation.input {
        let mut input = input.clone();
        customise::input(service, operation, member, &mut input);
        check.value(member, &input)
    } else {
        if input.as_object().is_none_or(|given| !given.is_empty()) && !input.is_null() {
            check.problem("this operation takes no input");
        }
        Value::Object(Map::new())
    };
    if check.problems.is_empty() {
        return Ok(completed);
    }
    Err(InputError {
        operation: format!("{} {}", service.name, operation.name),
        problems: check.problems,
    })
}

struct Check<'m> {
    service: &'m Service,
    path: Vec<String>,
    problems: Vec<InputProblem>,
    token: &'m dyn Fn() -> String,
}

impl Check<'_> {
    fn problem(&mut self, what: impl Into<String>) {
        let path = if self.path.is_empty() {
            "input".to_owned()
        } else {
            self.path.concat()
        };
        self.problems.push(InputProblem {
            path,
            what: what.into(),
        });
    }

    fn within(&mut self, step: String, member: &Member, value: &Value) -> Value {
        self.path.push(step);
        let value = self.value(member, value);
        self.path.pop();
        value
    }

    fn value(&mut self, member: &Member, value: &Value) -> Value {
        let shape = self.service.shape(member);
        match (shape.kind, value) {
            _ if shape.document || member.traits().json => value.clone(),
            (Kind::Structure, Value::Object(given)) => self.structure(shape, given),
            (Kind::Structure, Value::Null) if self.path.is_empty() => {
                self.structure(shape, &Map::new())
            }
            (Kind::List, Value::Array(items)) => {
                let items = items.iter().enumerate().map(|(index, item)| {
                    shape
                        .first()
                        .filter(|_| !item.is_null())
                        .map_or(Value::Null, |element| {
                            self.within(format!("[{index}]"), element, item)
                        })
                });
                Value::Array(items.collect())
            }
            (Kind::Map, Value::Object(entries)) => {
                let entries = entries.iter().map(|(key, item)| {
                    let value = shape.second().filter(|_| !item.is_null());
                    let item = value.map_or(Value::Null, |value| {
                        self.within(format!("[{key:?}]"), value, item)
                    });
                    (key.clone(), item)
                });
                Value::Object(entries.collect())
            }
            (kind, value) => {
                if !is_of(kind, value) {
                    let given = in_words(value);
                    self.problem(format!("{} is wanted, not {given}", kind.in_words()));
                } else if member.traits().label && !is_label(value) {
                    self.problem(
                        "letters, digits, hyphens and periods alone can be part of a host",
                    );
                } else if is_empty_in_path(member, value) {
                    self.problem("must not be empty: it is part of the path");
                }
                value.clone()
            }
        }
    }

    fn structure(&mut self, shape: &Shape, given: &Map<String, Value>) -> Value {
        let separator = if self.path.is_empty() { "" } else { "." };
        let mut out = Map::new();
        for (name, value) in given.iter().filter(|(_, value)| !value.is_null()) {
            let Some(member) = shape.member(name) else {
                let nearest = Nearest::of(name, shape.members.iter().map(|m| m.name));
                self.path.push(format!("{separator}{name}"));
                self.problem(format!("there is no such member{nearest}"));
                self.path.pop();
                continue;
            };
            let value = self.within(format!("{separator}{name}"), member, value);
            out.insert(name.clone(), value);
        }
        for member in &shape.members {
            if out.contains_key(member.name) {
                continue;
            }
            if member.traits().token {
                out.insert(member.name.to_owned(), (self.token)().into());
            } else if member.required {
                let given = given.keys().map(String::as_str);
                let strangers = given.filter(|name| shape.member(name).is_none());
                let nearest = Nearest::of(member.name, strangers);
                self.path.push(format!("{separator}{}", member.name));
                self.problem(format!("is required and missing{nearest}"));
                self.path.pop();
            }
        }
        if shape.union && out.len() != 1 {
            self.problem("exactly one member is wanted");
        }
        Value::Object(out)
    }
}

fn is_of(kind: Kind, value: &Value) -> bool {
    match kind {
        Kind::String => value.is_string(),
        Kind::Integer | Kind::Long => value.is_i64() || value.is_u64(),
        Kind::Float | Kind::Double => {
            value.is_number() || matches!(value.as_str(), Some("NaN" | "Infinity" | "-Infinity"))
        }
        Kind::Boolean => value.is_boolean(),
        Kind::Timestamp => timestamp::read(value).is_some(),
        Kind::Blob => value
            .as_str()
            .is_some_and(|text| STANDARD.decode(text).is_ok()),
        Kind::Structure | Kind::List | Kind::Map => false,
    }
}

/// Never the text itself: it may be a secret, in a wrong place.
fn in_words(value: &Value) -> String {
    match value {
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::String(_) => "other text".to_owned(),
        scalar => scalar.to_string(),
    }
}

fn is_label(value: &Value) -> bool {
    value.as_str().is_some_and(|text| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
        !text.is_empty() && text.bytes().all(fits)
    })
}

/// An empty label would make the path another operation's.
fn is_empty_in_path(member: &Member, value: &Value) -> bool {
    member.traits().location == Some(Location::Uri) && value.as_str() == Some("")
}
