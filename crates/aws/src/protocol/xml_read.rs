//! XML bodies of replies.

use roxmltree::{Document, Node, ParsingOptions};
use serde_json::{Map, Value};

use super::{json, scalar};
use crate::error::ReplyError;
use crate::model::{Kind, Location, Member, Service, Shape};
use crate::percent;

/// # Errors
/// When the text is not XML. Document types are refused: no service sends one, and they can name other files.
pub(super) fn document(text: &str) -> Result<Document<'_>, ReplyError> {
    let options = ParsingOptions {
        allow_dtd: false,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options)
        .map_err(|error| ReplyError::here(format!("not XML: {error}")))
}

/// The first element of that name, whatever its namespace.
pub(super) fn child<'a, 'i>(parent: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    parent
        .children()
        .find(|node| node.is_element() && node.tag_name().name() == name)
}

/// An element's text; none is empty text.
pub(super) fn text<'a>(node: Node<'a, '_>) -> &'a str {
    node.text().unwrap_or_default()
}

/// A value from the elements that stand for it: one, or a flattened list's or map's several.
///
/// # Errors
/// When it is not of its type.
pub(super) fn read(
    service: &Service,
    member: &Member,
    nodes: &[Node<'_, '_>],
) -> Result<Value, ReplyError> {
    let shape = service.shape(member);
    let Some(&node) = nodes.first() else {
        return Ok(Value::Null);
    };
    match shape.kind {
        Kind::Structure => structure(service, shape, node),
        Kind::List if member.traits().flattened => list(service, shape, nodes),
        Kind::List => {
            let elements: Vec<_> = node.children().filter(Node::is_element).collect();
            list(service, shape, &elements)
        }
        Kind::Map if member.traits().flattened => map(service, shape, nodes),
        Kind::Map => {
            let entries: Vec<_> = node.children().filter(Node::is_element).collect();
            map(service, shape, &entries)
        }
        Kind::String if member.traits().policy => Ok(policy(text(node))),
        kind => scalar::read(kind, text(node)),
    }
}

fn structure(service: &Service, shape: &Shape, node: Node<'_, '_>) -> Result<Value, ReplyError> {
    let children: Vec<(&str, Node<'_, '_>)> = node
        .children()
        .filter(Node::is_element)
        .map(|child| (child.tag_name().name(), child))
        .collect();
    if shape.union
        && let [(tag, _)] = children.as_slice()
        && !shape
            .members
            .iter()
            .any(|member| name(service, member) == *tag)
    {
        return Ok(json::unknown_union(tag));
    }
    let mut out = Map::with_capacity(children.len());
    let mut found = Vec::new();
    for member in &shape.members {
        let traits = member.traits();
        if traits.location.is_some_and(Location::is_in_replies) {
            continue;
        }
        if traits.attribute {
            if let Some(value) = attribute(node, member.wire_name()) {
                out.insert(member.name.to_owned(), value.into());
            }
            continue;
        }
        let wanted = name(service, member);
        found.clear();
        let same = children.iter().filter(|(tag, _)| *tag == wanted);
        found.extend(same.map(|(_, node)| *node));
        if found.is_empty() {
            continue;
        }
        let value = read(service, member, &found).map_err(|error| error.within(member.name))?;
        out.insert(member.name.to_owned(), value);
    }
    Ok(Value::Object(out))
}

/// A flattened list is named by its elements.
fn name(service: &Service, member: &Member) -> &'static str {
    if member.traits().flattened {
        let shape = service.shape(member);
        if shape.kind == Kind::List
            && let Some(name) = shape.first().and_then(|element| element.wire)
        {
            return name;
        }
    }
    member.wire_name()
}

/// `xsi:type`: the prefix is whatever the document calls it, the local name is what counts.
fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let local = name.rsplit(':').next().unwrap_or(name);
    node.attributes()
        .find(|attribute| attribute.name() == local)
        .map(|attribute| attribute.value())
}

fn list(service: &Service, shape: &Shape, elements: &[Node<'_, '_>]) -> Result<Value, ReplyError> {
    let Some(member) = shape.first() else {
        return Ok(Value::Array(Vec::new()));
    };
    let one = |(index, node): (usize, &Node<'_, '_>)| {
        read(service, member, &[*node]).map_err(|error| error.at(index))
    };
    let items: Result<_, _> = elements.iter().enumerate().map(one).collect();
    Ok(Value::Array(items?))
}

fn map(service: &Service, shape: &Shape, entries: &[Node<'_, '_>]) -> Result<Value, ReplyError> {
    let (Some(key), Some(value)) = (shape.first(), shape.second()) else {
        return Ok(Value::Object(Map::new()));
    };
    let mut out = Map::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let part = |name: &str| {
            let missing = || ReplyError::here(format!("the entry has no {name}")).at(index);
            child(*entry, name).ok_or_else(missing)
        };
        let name = text(part(key.wire.unwrap_or("key"))?).to_owned();
        let item = part(value.wire.unwrap_or("value"))?;
        let item =
            read(service, value, &[item]).map_err(|error| error.within(&format!("[{name:?}]")))?;
        out.insert(name, item);
    }
    Ok(Value::Object(out))
}

/// What is not URL-encoded JSON stays the text that it is.
fn policy(text: &str) -> Value {
    serde_json::from_str(&percent::decode(text)).unwrap_or_else(|_| text.into())
}
