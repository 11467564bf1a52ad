//! A value of an item with volatile places left out, sets sorted and secrets replaced.

use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

use super::patterns::{self, Tails};
use super::redaction::{self, REDACTED};
use super::{json, unordered, volatile};
use crate::tree::Node;

/// The places that count for items of one type.
#[derive(Debug, Default)]
pub(super) struct Rules {
    volatile: Tails,
    secret: Tails,
}

impl Rules {
    pub(super) fn of_type(resource_type: &str) -> Rules {
        Rules {
            volatile: patterns::of_type(volatile::PLACES, resource_type),
            secret: patterns::of_type(redaction::PLACES, resource_type),
        }
    }

    fn inside(&self, name: &str) -> Rules {
        Rules {
            volatile: patterns::inside(&self.volatile, name),
            secret: patterns::inside(&self.secret, name),
        }
    }

    /// The member of this name, normal; none where it is volatile.
    pub(super) fn member<'a>(
        &self,
        name: &str,
        node: Node<'a>,
        arena: &'a Bump,
    ) -> Option<Node<'a>> {
        let inside = self.inside(name);
        if patterns::is_place(&inside.volatile) {
            return None;
        }
        let is_secret = patterns::is_place(&inside.secret)
            || matches!(node, Node::Text(_)) && redaction::is_secret(name);
        if is_secret {
            return Some(redacted(node, arena));
        }
        let node = inside.value(node, arena);
        Some(match node {
            Node::Array(elements) if elements.len() > 1 && unordered::is_set(name) => {
                sorted(elements, arena)
            }
            node => node,
        })
    }

    fn value<'a>(&self, node: Node<'a>, arena: &'a Bump) -> Node<'a> {
        match node {
            Node::Array(elements) => {
                let mut normal = BumpVec::with_capacity_in(elements.len(), arena);
                normal.extend(elements.iter().map(|element| self.value(*element, arena)));
                Node::Array(normal.into_bump_slice())
            }
            Node::Object(members) => {
                let mut normal = BumpVec::with_capacity_in(members.len(), arena);
                for (name, node) in members {
                    normal.extend(self.member(name, *node, arena).map(|node| (*name, node)));
                }
                Node::Object(normal.into_bump_slice())
            }
            // Where structure was to come with secrets inside: what this is, nobody knows.
            Node::Text(text) if !text.is_empty() && !self.secret.is_empty() => Node::Text(REDACTED),
            scalar => scalar,
        }
    }
}

/// The same structure, with every text, number and truth value replaced.
fn redacted<'a>(node: Node<'a>, arena: &'a Bump) -> Node<'a> {
    match node {
        Node::Null => Node::Null,
        Node::Text("") => node,
        Node::Array(elements) => {
            let mut shown = BumpVec::with_capacity_in(elements.len(), arena);
            shown.extend(elements.iter().map(|element| redacted(*element, arena)));
            Node::Array(shown.into_bump_slice())
        }
        Node::Object(members) => {
            let mut shown = BumpVec::with_capacity_in(members.len(), arena);
            shown.extend(
                members
                    .iter()
                    .map(|(name, node)| (*name, redacted(*node, arena))),
            );
            Node::Object(shown.into_bump_slice())
        }
        Node::Text(_) | Node::Bool(_) | Node::Integer(_) | Node::Float(_) => Node::Text(REDACTED),
    }
}

/// The elements by their canonical text.
pub(super) fn sorted<'a>(elements: &[Node<'a>], arena: &'a Bump) -> Node<'a> {
    let mut keyed: Vec<(Vec<u8>, Node<'a>)> = elements
        .iter()
        .map(|element| {
            let mut text = Vec::new();
            json::write(*element, arena, &mut text);
            (text, *element)
        })
        .collect();
    keyed.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut sorted = BumpVec::with_capacity_in(keyed.len(), arena);
    sorted.extend(keyed.into_iter().map(|(_, element)| element));
    Node::Array(sorted.into_bump_slice())
}
