//! From a JSON object to an item: every spelling of the members that AWS uses.

use std::cell::RefCell;

use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

use super::{ConfigurationItem, ItemError, ItemStatus, Relationship, Tag};
use crate::source::{Source, Unread, UnreadState};
use crate::tree::Node;
use crate::{ResourceType, time};

impl<'a> ConfigurationItem<'a> {
    /// Reads an item.
    ///
    /// `source` says how whole items from there are. An item that carries `unread`, as Posture's
    /// recorder writes it, is taken as the recorder's.
    ///
    /// # Errors
    /// Where the value is not an object, or doesn't say which resource it is about.
    pub fn from_node(
        root: Node<'a>,
        source: Source,
        arena: &'a Bump,
    ) -> Result<ConfigurationItem<'a>, ItemError> {
        let Node::Object(members) = root else {
            return Err(ItemError::NotAnObject { found: root.kind() });
        };
        let mut item = ConfigurationItem {
            arena,
            root,
            account_id: "",
            aws_region: "",
            type_name: "",
            resource_type: None,
            resource_id: "",
            resource_name: None,
            arn: None,
            capture_time: None,
            status: ItemStatus::Ok,
            configuration: Node::Null,
            supplementary: Node::Null,
            tags: &[],
            relationships: &[],
            source,
            unread: &[],
            decoded: RefCell::default(),
            log: None,
        };
        for (name, node) in members {
            item.member(name, *node)?;
        }
        item.finish()
    }

    fn member(&mut self, name: &str, node: Node<'a>) -> Result<(), ItemError> {
        match (name, node) {
            ("accountId" | "awsAccountId", Node::Text(text)) => self.account_id = text,
            // Twelve digits without quotes, as some tools print them.
            ("accountId" | "awsAccountId", Node::Integer(digits)) => {
                self.account_id = self.arena.alloc_str(&format!("{digits:012}"));
            }
            ("awsRegion", Node::Text(text)) => self.aws_region = text,
            ("resourceType", Node::Text(text)) => {
                self.type_name = text;
                self.resource_type = ResourceType::from_name(text);
            }
            ("resourceId", Node::Text(text)) => self.resource_id = text,
            ("resourceName", Node::Text(text)) => self.resource_name = Some(text),
            ("arn" | "ARN", Node::Text(text)) => self.arn = Some(text),
            ("configurationItemCaptureTime", node) => self.capture_time = time::read(node),
            ("configurationItemStatus", Node::Text(text)) => self.status = status(text),
            ("configuration", node) => {
                self.configuration = self.unwrapped("configuration", node)?;
            }
            ("supplementaryConfiguration", node) => {
                self.supplementary = self.unwrapped("supplementaryConfiguration", node)?;
            }
            ("tags", node) => self.tags = tags(node, self.arena),
            ("relationships", node) => self.relationships = relationships(node, self.arena),
            ("unread", Node::Array(entries)) => {
                self.source = Source::Recorder;
                self.unread = unread(entries, self.arena);
            }
            _ => {}
        }
        Ok(())
    }

    /// A part that may be JSON in a string, up to three times.
    fn unwrapped(&self, name: &'static str, node: Node<'a>) -> Result<Node<'a>, ItemError> {
        let mut node = node;
        for _ in 0..3 {
            let Node::Text(text) = node else { break };
            if text.is_empty() {
                return Ok(Node::Null);
            }
            node = crate::tree::parse(text.as_bytes(), self.arena).map_err(|error| {
                ItemError::Nested {
                    name,
                    message: error.to_string(),
                }
            })?;
        }
        Ok(node)
    }

    fn finish(mut self) -> Result<ConfigurationItem<'a>, ItemError> {
        if self.type_name.is_empty() {
            return Err(ItemError::Member {
                name: "resourceType",
            });
        }
        if self.resource_id.is_empty() {
            // Advanced queries return the columns that were asked for; a name or ARN serves too.
            self.resource_id = match (self.resource_name, self.arn) {
                (Some(name), _) if !name.is_empty() => name,
                (_, Some(arn)) if !arn.is_empty() => arn,
                _ => return Err(ItemError::Member { name: "resourceId" }),
            };
        }
        if self.account_id.is_empty() {
            self.account_id = self.arn.and_then(|arn| arn.split(':').nth(4)).unwrap_or("");
        }
        if self.aws_region.is_empty() {
            self.aws_region = self.arn.and_then(|arn| arn.split(':').nth(3)).unwrap_or("");
        }
        Ok(self)
    }
}

fn status(text: &str) -> ItemStatus {
    match text {
        "ResourceDiscovered" => ItemStatus::ResourceDiscovered,
        "ResourceNotRecorded" => ItemStatus::ResourceNotRecorded,
        "ResourceDeleted" => ItemStatus::ResourceDeleted,
        "ResourceDeletedNotRecorded" => ItemStatus::ResourceDeletedNotRecorded,
        _ => ItemStatus::Ok,
    }
}

/// A map in items, a list of `{key, value}` or `{tag: "key=value"}` in answers to queries.
fn tags<'a>(node: Node<'a>, arena: &'a Bump) -> &'a [Tag<'a>] {
    let mut tags = BumpVec::new_in(arena);
    for (key, value) in node.members() {
        tags.push(Tag {
            key,
            value: value.as_text().unwrap_or(""),
        });
    }
    for entry in node.elements() {
        if let Some(key) = entry.text("key").or_else(|| entry.text("Key")) {
            let value = entry
                .text("value")
                .or_else(|| entry.text("Value"))
                .unwrap_or("");
            tags.push(Tag { key, value });
        }
    }
    tags.into_bump_slice()
}

fn relationships<'a>(node: Node<'a>, arena: &'a Bump) -> &'a [Relationship<'a>] {
    let mut relationships = BumpVec::with_capacity_in(node.elements().len(), arena);
    for entry in node.elements() {
        let text = |name| entry.text(name).unwrap_or("");
        let relationship_name = match text("relationshipName") {
            "" => text("name"),
            name => name,
        };
        relationships.push(Relationship {
            resource_type: text("resourceType"),
            resource_id: text("resourceId"),
            resource_name: text("resourceName"),
            relationship_name,
        });
    }
    relationships.into_bump_slice()
}

fn unread<'a>(entries: &[Node<'a>], arena: &'a Bump) -> &'a [Unread<'a>] {
    let mut unread = BumpVec::with_capacity_in(entries.len(), arena);
    for entry in entries {
        let text = |name| entry.text(name).unwrap_or("");
        unread.push(Unread {
            path: text("path"),
            // A word that a later recorder may add still means: not read.
            state: UnreadState::from_word(text("state")).unwrap_or(UnreadState::NotCollected),
            action: text("action"),
            code: text("code"),
        });
    }
    unread.into_bump_slice()
}
