//! XML bodies of requests.

use serde_json::Value;

use super::scalar;
use crate::model::{Kind, Member, Service, Shape, TimestampFormat};

/// The document whose root is `member`, called by its wire name or else `name`.
pub(super) fn document(service: &Service, member: &Member, name: &str, value: &Value) -> Vec<u8> {
    let mut writer = Writer {
        service,
        out: String::new(),
    };
    let name = member.wire.unwrap_or(name);
    writer.value(member, name, value);
    writer.out.into_bytes()
}

/// The document of those members of the input that are the body.
pub(super) fn members(
    service: &Service,
    root: &Member,
    given: &serde_json::Map<String, Value>,
) -> Vec<u8> {
    let shape = service.shape(root);
    let mut writer = Writer {
        service,
        out: String::new(),
    };
    let name = root.wire.unwrap_or_default();
    writer.structure(root, shape, name, given);
    writer.out.into_bytes()
}

struct Writer<'m> {
    service: &'m Service,
    out: String,
}

impl Writer<'_> {
    fn value(&mut self, member: &Member, name: &str, value: &Value) {
        let shape = self.service.shape(member);
        match (shape.kind, value) {
            (_, Value::Null) => {}
            (Kind::Structure, Value::Object(given)) => self.structure(member, shape, name, given),
            (Kind::List, Value::Array(items)) => {
                let Some(element) = shape.first() else {
                    return;
                };
                if member.traits().flattened {
                    for item in items {
                        self.value(element, name, item);
                    }
                    return;
                }
                self.open(member, name, "");
                for item in items {
                    self.value(element, element.wire.unwrap_or("member"), item);
                }
                self.close(name);
            }
            (Kind::Map, Value::Object(entries)) => self.map(member, shape, name, entries),
            (kind, value) => {
                let text = scalar::write(kind, member, value, TimestampFormat::Iso8601);
                self.open(member, name, "");
                escape(&mut self.out, &text);
                self.close(name);
            }
        }
    }

    fn structure(
        &mut self,
        member: &Member,
        shape: &Shape,
        name: &str,
        given: &serde_json::Map<String, Value>,
    ) {
        let mut attributes = String::new();
        for (key, value) in given {
            let Some(member) = shape.member(key).filter(|member| member.traits().attribute) else {
                continue;
            };
            attributes.push(' ');
            attributes.push_str(member.wire_name());
            attributes.push_str("=\"");
            escape(&mut attributes, &scalar::plain(value));
            attributes.push('"');
        }
        self.open(member, name, &attributes);
        for (key, value) in given {
            let inner = shape
                .member(key)
                .filter(|member| !member.traits().attribute && member.traits().location.is_none());
            if let Some(member) = inner {
                self.value(member, member.wire_name(), value);
            }
        }
        self.close(name);
    }

    fn map(
        &mut self,
        member: &Member,
        shape: &Shape,
        name: &str,
        entries: &serde_json::Map<String, Value>,
    ) {
        let (Some(key), Some(value)) = (shape.first(), shape.second()) else {
            return;
        };
        let flattened = member.traits().flattened;
        let entry = if flattened { name } else { "entry" };
        if !flattened {
            self.open(member, name, "");
        }
        for (text, item) in entries {
            self.open_plain(entry);
            let key_name = key.wire.unwrap_or("key");
            self.open(key, key_name, "");
            escape(&mut self.out, text);
            self.close(key_name);
            self.value(value, value.wire.unwrap_or("value"), item);
            self.close(entry);
        }
        if !flattened {
            self.close(name);
        }
    }

    fn open(&mut self, member: &Member, name: &str, attributes: &str) {
        self.out.push('<');
        self.out.push_str(name);
        if let Some(namespace) = &member.traits().namespace {
            self.out.push_str(" xmlns");
            if let Some(prefix) = namespace.prefix {
                self.out.push(':');
                self.out.push_str(prefix);
            }
            self.out.push_str("=\"");
            escape(&mut self.out, namespace.uri);
            self.out.push('"');
        }
        self.out.push_str(attributes);
        self.out.push('>');
    }

    fn open_plain(&mut self, name: &str) {
        self.out.push('<');
        self.out.push_str(name);
        self.out.push('>');
    }

    fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }
}

/// Line ends are escaped as well: a parser would normalise them.
fn escape(out: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#xD;"),
            '\n' => out.push_str("&#xA;"),
            other => out.push(other),
        }
    }
}
