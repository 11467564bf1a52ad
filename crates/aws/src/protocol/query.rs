//! The protocols `query` and `ec2`: a form in, XML out.
//! Sources: <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html>, `aws-ec2-query-protocol.html`.

use serde_json::{Map, Value};

use super::http::{Reply, Request};
use super::{scalar, xml_read};
use crate::error::ReplyError;
use crate::model::{Kind, Member, Operation, Protocol, Service, TimestampFormat};
use crate::percent;

pub(super) fn request(service: &Service, operation: &Operation, input: &Value) -> Request {
    let mut request = Request::new(operation);
    request.header(
        "Content-Type",
        "application/x-www-form-urlencoded; charset=utf-8",
    );
    let mut form = Form {
        service,
        is_ec2: service.protocol == Protocol::Ec2,
        pairs: vec![
            ("Action".to_owned(), operation.name.to_owned()),
            ("Version".to_owned(), service.version.to_owned()),
        ],
    };
    if let (Some(member), Value::Object(given)) = (&operation.input, input) {
        form.structure(member, given, "");
    }
    let pairs: Vec<String> = form
        .pairs
        .iter()
        .map(|(key, value)| format!("{}={}", percent::encode(key), percent::encode(value)))
        .collect();
    request.body = pairs.join("&").into_bytes();
    request
}

struct Form<'m> {
    service: &'m Service,
    is_ec2: bool,
    pairs: Vec<(String, String)>,
}

impl Form<'_> {
    fn structure(&mut self, member: &Member, given: &Map<String, Value>, prefix: &str) {
        let shape = self.service.shape(member);
        for (name, value) in given {
            let Some(member) = shape.member(name) else {
                continue;
            };
            let key = self.key(member);
            let prefix = if prefix.is_empty() {
                key
            } else {
                format!("{prefix}.{key}")
            };
            self.value(member, value, &prefix);
        }
    }

    fn value(&mut self, member: &Member, value: &Value, prefix: &str) {
        let shape = self.service.shape(member);
        match (shape.kind, value) {
            (Kind::Structure, Value::Object(given)) => self.structure(member, given, prefix),
            (Kind::List, Value::Array(items)) => self.list(member, items, prefix),
            (Kind::Map, Value::Object(entries)) => self.map(member, entries, prefix),
            (kind, value) => {
                let text = scalar::write(kind, member, value, TimestampFormat::Iso8601);
                self.pairs.push((prefix.to_owned(), text));
            }
        }
    }

    fn list(&mut self, member: &Member, items: &[Value], prefix: &str) {
        let Some(element) = self.service.shape(member).first() else {
            return;
        };
        if items.is_empty() {
            // EC2 has no way to send an empty list.
            if !self.is_ec2 {
                self.pairs.push((prefix.to_owned(), String::new()));
            }
            return;
        }
        let prefix = match (self.is_ec2, member.traits().flattened, element.wire) {
            (true, _, _) | (_, true, None) => prefix.to_owned(),
            (_, true, Some(name)) => match prefix.rsplit_once('.') {
                Some((parent, _)) => format!("{parent}.{name}"),
                None => name.to_owned(),
            },
            (_, false, name) => format!("{prefix}.{}", name.unwrap_or("member")),
        };
        for (index, item) in items.iter().enumerate() {
            self.value(element, item, &format!("{prefix}.{}", index + 1));
        }
    }

    fn map(&mut self, member: &Member, entries: &Map<String, Value>, prefix: &str) {
        let shape = self.service.shape(member);
        let (Some(key), Some(value)) = (shape.first(), shape.second()) else {
            return;
        };
        let entry = if member.traits().flattened {
            prefix.to_owned()
        } else {
            format!("{prefix}.entry")
        };
        for (index, (name, item)) in entries.iter().enumerate() {
            let entry = format!("{entry}.{}", index + 1);
            let key = format!("{entry}.{}", key.wire.unwrap_or("key"));
            self.pairs.push((key, name.clone()));
            let place = format!("{entry}.{}", value.wire.unwrap_or("value"));
            self.value(value, item, &place);
        }
    }

    /// EC2 has names of its own, and a capital at the start of all others.
    fn key(&self, member: &Member) -> String {
        if !self.is_ec2 {
            return member.wire_name().to_owned();
        }
        if let Some(name) = member.traits().query {
            return name.to_owned();
        }
        let name = member.wire_name();
        let mut letters = name.chars();
        match letters.next() {
            Some(first) => first.to_uppercase().chain(letters).collect(),
            None => String::new(),
        }
    }
}

pub(super) fn output(
    service: &Service,
    output: &Member,
    reply: &Reply<'_>,
) -> Result<Value, ReplyError> {
    let text = reply.text();
    let document = xml_read::document(&text)?;
    let root = document.root_element();
    let wrapper = output.wire.filter(|_| service.protocol == Protocol::Query);
    let start = match wrapper {
        None => root,
        Some(name) => xml_read::child(root, name)
            .ok_or_else(|| ReplyError::here(format!("there is no {name}")))?,
    };
    xml_read::read(service, output, &[start])
}
