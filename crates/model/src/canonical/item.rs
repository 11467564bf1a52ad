//! The envelope of a canonical item.

use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

use super::normal::{Rules, sorted};
use super::{json, volatile};
use crate::ConfigurationItem;
use crate::tree::{Node, parse};

/// A canonical item, and where what it leaves out would stand.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct CanonicalItem {
    /// The text, an object.
    pub text: Vec<u8>,
    /// The offset before which the members sort that are less than `configurationItemCaptureTime`:
    /// there, the time and the status of a version can be put back, and the text stays canonical.
    pub split: usize,
}

/// Writes the canonical form of an item into `out`, whose content is replaced.
pub fn canonical_item<'a>(item: &ConfigurationItem<'a>, arena: &'a Bump, out: &mut CanonicalItem) {
    out.text.clear();
    out.split = 0;
    out.text.push(b'{');
    for (name, node) in members(item, arena) {
        if out.split == 0 && json::order(name, "configurationItemCaptureTime").is_gt() {
            out.split = out.text.len();
        }
        if out.text.len() > 1 {
            out.text.push(b',');
        }
        json::string(name, &mut out.text);
        out.text.push(b':');
        json::write(node, arena, &mut out.text);
    }
    if out.split == 0 {
        out.split = out.text.len();
    }
    out.text.push(b'}');
}

/// The members of the envelope, sorted, each in its one spelling.
fn members<'a>(item: &ConfigurationItem<'a>, arena: &'a Bump) -> BumpVec<'a, (&'a str, Node<'a>)> {
    let rules = Rules::of_type(item.type_name());
    let mut members = BumpVec::new_in(arena);
    // What says which resource this is comes first: of members with one name the first counts.
    members.push(("accountId", Node::Text(item.account_id())));
    members.push(("awsRegion", Node::Text(item.aws_region())));
    members.push(("resourceId", Node::Text(item.resource_id())));
    members.push(("resourceType", Node::Text(item.type_name())));
    members.extend(item.arn().map(|arn| ("arn", Node::Text(arn))));
    for (name, node) in item.root().members() {
        let node = match *name {
            "awsAccountId" | "ARN" => continue,
            name if volatile::ENVELOPE.contains(&name) => continue,
            "configuration" => rules.member(name, item.configuration(), arena),
            "supplementaryConfiguration" => {
                let decoded = supplementary(item.supplementary_configuration(), arena);
                rules.member(name, decoded, arena)
            }
            "tags" => Some(tags(item, arena)),
            "relationships" => Some(relationships(item, arena)),
            "unread" => Some(sorted(node.elements(), arena)),
            _ => Some(*node),
        };
        members.extend(node.map(|node| (*name, node)));
    }
    json::sorted(&members, arena)
}

/// Answers to `GetResourceConfigHistory` hold each member as JSON in a string, and what is a
/// string in other forms (an access control list) as a string in that.
fn supplementary<'a>(node: Node<'a>, arena: &'a Bump) -> Node<'a> {
    let Node::Object(members) = node else {
        return node;
    };
    let mut decoded = BumpVec::with_capacity_in(members.len(), arena);
    decoded.extend(
        members
            .iter()
            .map(|(name, node)| (*name, unwrapped(*node, arena))),
    );
    Node::Object(decoded.into_bump_slice())
}

fn unwrapped<'a>(node: Node<'a>, arena: &'a Bump) -> Node<'a> {
    let Node::Text(text) = node else { return node };
    let is_json = matches!(text.as_bytes().first(), Some(b'{' | b'[' | b'"'))
        || matches!(text, "true" | "false" | "null");
    match parse(text.as_bytes(), arena) {
        Ok(inner) if is_json => unwrapped(inner, arena),
        _ => node,
    }
}

fn tags<'a>(item: &ConfigurationItem<'a>, arena: &'a Bump) -> Node<'a> {
    let mut tags = BumpVec::with_capacity_in(item.tags().len(), arena);
    tags.extend(
        item.tags()
            .iter()
            .map(|tag| (tag.key, Node::Text(tag.value))),
    );
    Node::Object(tags.into_bump_slice())
}

fn relationships<'a>(item: &ConfigurationItem<'a>, arena: &'a Bump) -> Node<'a> {
    let mut relationships = BumpVec::with_capacity_in(item.relationships().len(), arena);
    for relationship in item.relationships() {
        let mut members = BumpVec::with_capacity_in(4, arena);
        for (name, text) in [
            ("relationshipName", relationship.relationship_name),
            ("resourceId", relationship.resource_id),
            ("resourceName", relationship.resource_name),
            ("resourceType", relationship.resource_type),
        ] {
            if !text.is_empty() {
                members.push((name, Node::Text(text)));
            }
        }
        relationships.push(Node::Object(members.into_bump_slice()));
    }
    sorted(&relationships, arena)
}
