//! JSON bodies, and the protocol `json` (1.0 and 1.1).
//! Source: <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html>.

use serde_json::{Map, Value};

use super::http::{Reply, Request};
use super::{scalar, timestamp};
use crate::error::ReplyError;
use crate::model::{Kind, Member, Operation, Service, Shape, TimestampFormat};

pub(super) fn request(service: &Service, operation: &Operation, input: &Value) -> Request {
    let mut request = Request::new(operation);
    let target = format!("{}.{}", service.target, operation.name);
    request.header("X-Amz-Target", target);
    let content = format!("application/x-amz-json-{}", service.json);
    request.header("Content-Type", content);
    if service.query_compatible {
        request.header("x-amzn-query-mode", "true");
    }
    request.body = match &operation.input {
        Some(member) => write(service, member, input).to_string().into_bytes(),
        None => b"{}".to_vec(),
    };
    request
}

pub(super) fn output(
    service: &Service,
    output: &Member,
    reply: &Reply<'_>,
) -> Result<Value, ReplyError> {
    read(service, output, parse(reply.body)?, Scalars::AsTheyAre)
}

/// # Errors
/// When the body is not JSON. An empty one is an empty object.
pub(super) fn parse(body: &[u8]) -> Result<Value, ReplyError> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Object(Map::new()));
    }
    serde_json::from_slice(body).map_err(|error| ReplyError::here(format!("not JSON: {error}")))
}

/// A value of the input as it is on the wire.
pub(super) fn write(service: &Service, member: &Member, value: &Value) -> Value {
    let shape = service.shape(member);
    match (shape.kind, value) {
        _ if shape.document => value.clone(),
        (Kind::Structure, Value::Object(given)) => write_members(service, shape, given),
        (Kind::List, Value::Array(items)) => match shape.first() {
            Some(element) => items
                .iter()
                .map(|item| write(service, element, item))
                .collect(),
            None => value.clone(),
        },
        (Kind::Map, Value::Object(entries)) => match shape.second() {
            Some(member) => entries
                .iter()
                .map(|(key, item)| (key.clone(), write(service, member, item)))
                .collect(),
            None => value.clone(),
        },
        (Kind::Timestamp, value) => {
            let format = member.traits().timestamp;
            let format = format.unwrap_or(TimestampFormat::UnixTimestamp);
            let moment = timestamp::read(value);
            moment.map_or_else(|| value.clone(), |moment| timestamp::write(moment, format))
        }
        _ => value.clone(),
    }
}

/// The members of a structure that are given, by their names on the wire.
pub(super) fn write_members(service: &Service, shape: &Shape, given: &Map<String, Value>) -> Value {
    let members = given.iter().filter_map(|(name, value)| {
        let member = shape.member(name)?;
        let value = write(service, member, value);
        Some((member.wire_name().to_owned(), value))
    });
    Value::Object(members.collect())
}

/// Whether scalars are made what the model says, as botocore does for `rest-json`, or left as they came.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scalars {
    AsTheyAre,
    AsModelled,
}

/// A value of the output from the wire.
///
/// # Errors
/// When it is not of its type.
pub(super) fn read(
    service: &Service,
    member: &Member,
    value: Value,
    scalars: Scalars,
) -> Result<Value, ReplyError> {
    let shape = service.shape(member);
    match (shape.kind, value) {
        (_, Value::Null) => Ok(Value::Null),
        (_, value) if shape.document => Ok(value),
        (Kind::Structure, Value::Object(wire)) => read_members(service, shape, wire, scalars),
        (Kind::List, Value::Array(items)) => read_items(service, shape, items, scalars),
        (Kind::Map, Value::Object(entries)) => {
            let Some(member) = shape.second() else {
                return Ok(Value::Object(entries));
            };
            let mut out = Map::with_capacity(entries.len());
            for (key, value) in entries {
                let value = read(service, member, value, scalars)
                    .map_err(|error| error.within(&format!("[{key:?}]")))?;
                out.insert(key, value);
            }
            Ok(Value::Object(out))
        }
        (kind @ (Kind::Structure | Kind::List | Kind::Map), _) => {
            Err(ReplyError::here(format!("not {}", kind.in_words())))
        }
        (Kind::Timestamp, value) => timestamp::read(&value)
            .map(|moment| timestamp::canonical(moment).into())
            .ok_or_else(|| ReplyError::here(format!("{value} is not a time"))),
        (kind, value) if scalars == Scalars::AsModelled => modelled(kind, value),
        (_, value) => Ok(value),
    }
}

fn read_members(
    service: &Service,
    shape: &Shape,
    mut wire: Map<String, Value>,
    scalars: Scalars,
) -> Result<Value, ReplyError> {
    if shape.union
        && let Some(unknown) = unknown_member(shape, &wire)
    {
        return Ok(unknown);
    }
    let mut out = Map::with_capacity(wire.len());
    for member in &shape.members {
        let value = wire.swap_remove(member.wire_name());
        if let Some(value) = value.filter(|value| !value.is_null()) {
            let value =
                read(service, member, value, scalars).map_err(|error| error.within(member.name))?;
            out.insert(member.name.to_owned(), value);
        }
    }
    Ok(Value::Object(out))
}

fn read_items(
    service: &Service,
    shape: &Shape,
    items: Vec<Value>,
    scalars: Scalars,
) -> Result<Value, ReplyError> {
    let Some(element) = shape.first() else {
        return Ok(Value::Array(items));
    };
    let read_one = |(index, item)| {
        read(service, element, item, scalars).map_err(|error: ReplyError| error.at(index))
    };
    let items: Result<_, _> = items.into_iter().enumerate().map(read_one).collect();
    Ok(Value::Array(items?))
}

/// A newer service may set a member of a union that this model does not know; that is not the same as none.
fn unknown_member(shape: &Shape, wire: &Map<String, Value>) -> Option<Value> {
    let mut set = wire
        .iter()
        .filter(|(name, value)| *name != "__type" && !value.is_null());
    let (tag, _) = set.next()?;
    let known = |member: &Member| member.wire_name() == tag;
    if set.next().is_some() || shape.members.iter().any(known) {
        return None;
    }
    Some(unknown_union(tag))
}

pub(super) fn unknown_union(tag: &str) -> Value {
    serde_json::json!({ "SDK_UNKNOWN_MEMBER": { "name": tag } })
}

/// Some services send `"true"` or `1.0` where a boolean or a whole number is meant.
fn modelled(kind: Kind, value: Value) -> Result<Value, ReplyError> {
    match (kind, value) {
        (
            Kind::Boolean | Kind::Integer | Kind::Long | Kind::Float | Kind::Double,
            Value::String(text),
        ) => scalar::read(kind, &text),
        (Kind::Integer | Kind::Long, Value::Number(number)) if number.is_f64() => {
            let whole = number.as_f64().unwrap_or_default().trunc();
            scalar::read(kind, &format!("{whole:.0}"))
        }
        (Kind::Float | Kind::Double, Value::Number(number)) if !number.is_f64() => {
            let float = number.as_f64().and_then(serde_json::Number::from_f64);
            Ok(float.map_or(Value::Number(number), Value::Number))
        }
        (_, value) => Ok(value),
    }
}
