//! HTTP bindings of `rest-json` and `rest-xml`: what goes to the path, the query string, the headers and the body.
//! Sources: <https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html>, `aws-restxml-protocol.html`,
//! <https://smithy.io/2.0/spec/http-bindings.html>.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::http::{Reply, Request};
use super::json::{self, Scalars};
use super::{scalar, xml_read, xml_write};
use crate::error::ReplyError;
use crate::model::{Kind, Location, Member, Operation, Protocol, Service, Shape, TimestampFormat};
use crate::percent;

pub(super) fn request(service: &Service, operation: &Operation, input: &Value) -> Request {
    let mut request = Request::new(operation);
    let empty = Map::new();
    let given = input.as_object().unwrap_or(&empty);
    let (template, fixed) = operation.uri.split_once('?').unwrap_or((operation.uri, ""));
    request.fixed_query = fixed;
    let Some(member) = &operation.input else {
        request.path = path(service, None, template, given);
        return request;
    };
    let shape = service.shape(member);
    request.path = path(service, Some(shape), template, given);
    let mut body = Map::new();
    for (name, value) in given.iter().filter(|(_, value)| !value.is_null()) {
        let Some(member) = shape.member(name) else {
            continue;
        };
        match member.traits().location {
            Some(Location::Uri | Location::StatusCode) => {}
            Some(Location::Query) => query(service, member, value, &mut request.query),
            Some(Location::Header) => {
                if let Some(text) = header(service, member, value) {
                    request.header(member.wire_name(), text);
                }
            }
            Some(Location::Headers) => {
                for (key, value) in value.as_object().into_iter().flatten() {
                    let name = format!("{}{key}", member.wire.unwrap_or_default());
                    request.header(&name, scalar::plain(value));
                }
            }
            None => {
                body.insert(name.clone(), value.clone());
            }
        }
    }
    set_body(service, member, shape, &body, &mut request);
    request
}

/// `/{Bucket}/{Key+}` filled in; only a label that ends in `+` keeps its slashes.
fn path(
    service: &Service,
    shape: Option<&Shape>,
    template: &str,
    given: &Map<String, Value>,
) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((label, after)) = after.split_once('}') else {
            break;
        };
        out.push_str(before);
        let name = label.trim_end_matches('+');
        let member = shape.and_then(|shape| {
            let mut members = shape.members.iter();
            members.find(|member| {
                member.traits().location == Some(Location::Uri) && member.wire_name() == name
            })
        });
        let text = member.and_then(|member| Some(text(service, member, given.get(member.name)?)));
        let text = text.unwrap_or_default();
        if label.ends_with('+') {
            out.push_str(&percent::encode_path(&text));
        } else {
            out.push_str(&percent::encode(&text));
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A scalar in the path or the query string.
fn text(service: &Service, member: &Member, value: &Value) -> String {
    let kind = service.shape(member).kind;
    scalar::write(kind, member, value, TimestampFormat::Iso8601)
}

fn query(service: &Service, member: &Member, value: &Value, pairs: &mut Vec<(String, String)>) {
    let shape = service.shape(member);
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                // A name that the operation binds itself is not the map's to set.
                if pairs.iter().any(|(known, _)| known == key) {
                    continue;
                }
                match value {
                    Value::Array(items) => {
                        pairs.extend(items.iter().map(|v| (key.clone(), scalar::plain(v))));
                    }
                    value => pairs.push((key.clone(), scalar::plain(value))),
                }
            }
        }
        Value::Array(items) => {
            let Some(element) = shape.first() else {
                return;
            };
            for item in items.iter().filter(|item| !item.is_null()) {
                let text = text(service, element, item);
                pairs.push((member.wire_name().to_owned(), text));
            }
        }
        value => pairs.push((member.wire_name().to_owned(), text(service, member, value))),
    }
}

/// A header's value; nothing for an empty list.
fn header(service: &Service, member: &Member, value: &Value) -> Option<String> {
    let shape = service.shape(member);
    if member.traits().json {
        return Some(STANDARD.encode(value.to_string()));
    }
    let Value::Array(items) = value else {
        return Some(scalar::write(
            shape.kind,
            member,
            value,
            TimestampFormat::Rfc822,
        ));
    };
    let element = shape.first()?;
    let is_text = service.shape(element).kind == Kind::String;
    let texts = items.iter().filter(|item| !item.is_null()).map(|item| {
        let text = header(service, element, item).unwrap_or_default();
        if is_text && text.contains(['"', ',']) {
            format!("\"{}\"", text.replace('"', "\\\""))
        } else {
            text
        }
    });
    let texts: Vec<String> = texts.collect();
    (!texts.is_empty()).then(|| texts.join(","))
}

fn set_body(
    service: &Service,
    root: &Member,
    shape: &Shape,
    body: &Map<String, Value>,
    request: &mut Request,
) {
    let is_json = service.protocol == Protocol::RestJson;
    if let Some(payload) = shape.payload_member() {
        let value = body.get(payload.name);
        let kind = service.shape(payload).kind;
        if matches!(kind, Kind::String | Kind::Blob) {
            let text = value.and_then(Value::as_str).unwrap_or_default();
            request.body = match kind {
                Kind::Blob => STANDARD.decode(text).unwrap_or_default(),
                _ => text.as_bytes().to_vec(),
            };
            return;
        }
        request.body = match value {
            Some(value) if is_json => json::write(service, payload, value)
                .to_string()
                .into_bytes(),
            Some(value) => xml_write::document(service, payload, payload.name, value),
            None if is_json => b"{}".to_vec(),
            None => Vec::new(),
        };
    } else if !body.is_empty() {
        request.body = if is_json {
            json::write_members(service, shape, body)
                .to_string()
                .into_bytes()
        } else {
            xml_write::members(service, root, body)
        };
    } else if is_json && shape.members.iter().any(|m| m.traits().location.is_none()) {
        request.body = b"{}".to_vec();
    }
    if !request.body.is_empty() && !request.has_header("content-type") {
        let content = if is_json {
            "application/json"
        } else {
            "application/xml"
        };
        request.header("Content-Type", content);
    }
}

pub(super) fn output(
    service: &Service,
    output: &Member,
    reply: &Reply<'_>,
) -> Result<Value, ReplyError> {
    let shape = service.shape(output);
    let mut out = Map::new();
    for member in &shape.members {
        let read = located(service, member, reply).map_err(|error| error.within(member.name))?;
        if let Some(value) = read {
            out.insert(member.name.to_owned(), value);
        }
    }
    if let Some(payload) = shape.payload_member() {
        let value = whole_body(service, payload, reply).map_err(|e| e.within(payload.name))?;
        if !value.is_null() {
            out.insert(payload.name.to_owned(), value);
        }
    } else if let Value::Object(members) = structured(service, output, reply)? {
        out.extend(members);
    }
    Ok(Value::Object(out))
}

/// What an error tells in its headers, added to what it tells in its body.
pub(super) fn add_located(
    service: &Service,
    error: &Member,
    reply: &Reply<'_>,
    details: &mut Value,
) {
    let Some(details) = details.as_object_mut() else {
        return;
    };
    for member in &service.shape(error).members {
        if let Ok(Some(value)) = located(service, member, reply) {
            details.insert(member.name.to_owned(), value);
        }
    }
}

fn located(
    service: &Service,
    member: &Member,
    reply: &Reply<'_>,
) -> Result<Option<Value>, ReplyError> {
    let name = member.wire_name();
    match member.traits().location {
        Some(Location::StatusCode) => Ok(Some(reply.status.into())),
        Some(Location::Headers) => {
            let prefix = member.wire.unwrap_or_default().to_ascii_lowercase();
            let found = reply.headers.iter().filter_map(|(header, value)| {
                Some((header.strip_prefix(&prefix)?.to_owned(), value.into()))
            });
            Ok(Some(Value::Object(found.collect())))
        }
        Some(Location::Header) => {
            let Some(text) = reply.headers.get(name) else {
                return Ok(None);
            };
            from_header(service, member, text).map(Some)
        }
        _ => Ok(None),
    }
}

fn from_header(service: &Service, member: &Member, text: &str) -> Result<Value, ReplyError> {
    let shape = service.shape(member);
    if member.traits().json {
        let decoded = STANDARD.decode(text).ok();
        return decoded
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .ok_or_else(|| ReplyError::here("not base64 of JSON"));
    }
    match shape.first() {
        Some(element) if shape.kind == Kind::List => text
            .split(',')
            .map(|item| from_header(service, element, item.trim()))
            .collect::<Result<Vec<_>, _>>()
            .map(Value::Array),
        _ => scalar::read(shape.kind, text),
    }
}

/// The one member that is the body.
fn whole_body(service: &Service, payload: &Member, reply: &Reply<'_>) -> Result<Value, ReplyError> {
    match service.shape(payload).kind {
        Kind::Blob => Ok(STANDARD.encode(reply.body).into()),
        Kind::String => std::str::from_utf8(reply.body)
            .map(Value::from)
            .map_err(|_| ReplyError::here("not UTF-8")),
        _ => structured(service, payload, reply),
    }
}

fn structured(service: &Service, member: &Member, reply: &Reply<'_>) -> Result<Value, ReplyError> {
    if service.protocol == Protocol::RestJson {
        // Members that are elsewhere are not looked for in the body.
        let shape = service.shape(member);
        let mut body = json::parse(reply.body)?;
        if let Value::Object(body) = &mut body {
            for member in &shape.members {
                if member
                    .traits()
                    .location
                    .is_some_and(Location::is_in_replies)
                {
                    body.swap_remove(member.wire_name());
                }
            }
        }
        return json::read(service, member, body, Scalars::AsModelled);
    }
    if reply.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Object(Map::new()));
    }
    let text = reply.text();
    let document = xml_read::document(&text)?;
    xml_read::read(service, member, &[document.root_element()])
}
