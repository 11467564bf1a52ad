//! Searching what is recorded.

use std::collections::BTreeMap;

use jiff::Timestamp;
use posture_model::tree::{Bump, Node, parse};
use serde::Serialize;

use super::as_of::{Items, StoredItem};
use super::filter::ItemFilter;
use crate::{Store, StoreError};

/// What is searched for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InventoryQuery {
    /// Accounts, Regions and types.
    pub filter: ItemFilter,
    /// Tags that an item must have, all of them; with a value, exactly this one.
    pub tags: Vec<(String, Option<String>)>,
    /// Places at which something must stand, all of them; with a value, what reads like it. Names
    /// are between dots; of a list any element counts.
    pub paths: Vec<(String, Option<String>)>,
}

/// By what to count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CountBy {
    /// The account.
    Account,
    /// The Region.
    Region,
    /// The type.
    Type,
    /// The value of a tag; items without it count under the empty text.
    Tag(String),
    /// What stands at a place; items with nothing there count under the empty text.
    Path(String),
}

/// How many items have one value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// The value.
    pub value: String,
    /// How many.
    pub count: u64,
}

impl InventoryQuery {
    /// Whether an item is searched for. Accounts, Regions and types are the stream's matter.
    fn matches(&self, item: Node<'_>, arena: &Bump) -> bool {
        let has_tags = self.tags.iter().all(|(key, value)| {
            let found = item.get("tags").and_then(|tags| tags.text(key));
            found.is_some_and(|found| value.as_ref().is_none_or(|value| found == value))
        });
        has_tags
            && self.paths.iter().all(|(path, value)| {
                let found = texts_at(item, path, arena);
                match value {
                    None => !found.is_empty(),
                    Some(value) => found.iter().any(|text| text == value),
                }
            })
    }

    fn reads_items(&self) -> bool {
        !self.tags.is_empty() || !self.paths.is_empty()
    }
}

/// The items that a query finds, in the order of [`Items`].
#[derive(Debug)]
pub struct Inventory {
    items: Items,
    query: InventoryQuery,
    arena: Bump,
}

impl Store {
    /// Searches the items that existed at `as_of`, as far as was recorded by `known_at`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn inventory(
        &self,
        query: InventoryQuery,
        as_of: Timestamp,
        known_at: Timestamp,
    ) -> Result<Inventory, StoreError> {
        Ok(Inventory {
            items: self.items_as_of(&query.filter, as_of, known_at).await?,
            query,
            arena: Bump::new(),
        })
    }
}

impl Inventory {
    /// The next item; none at the end.
    ///
    /// # Errors
    /// Where the database fails or is damaged.
    pub async fn next(&mut self) -> Result<Option<StoredItem>, StoreError> {
        while let Some(item) = self.items.next().await? {
            if !self.query.reads_items() {
                return Ok(Some(item));
            }
            self.arena.reset();
            let root = parse(&item.json, &self.arena)?;
            if self.query.matches(root, &self.arena) {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }

    /// How many of the items that are left have which value: most first, then by value.
    ///
    /// # Errors
    /// Where the database fails or is damaged.
    pub async fn count(mut self, by: &CountBy) -> Result<Vec<Counted>, StoreError> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        while let Some(item) = self.next().await? {
            for value in values(&item, by, &mut self.arena)? {
                *counts.entry(value).or_default() += 1;
            }
        }
        let mut counted: Vec<Counted> = counts
            .into_iter()
            .map(|(value, count)| Counted { value, count })
            .collect();
        counted.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        Ok(counted)
    }
}

fn values(item: &StoredItem, by: &CountBy, arena: &mut Bump) -> Result<Vec<String>, StoreError> {
    arena.reset();
    let arena = &*arena;
    Ok(match by {
        CountBy::Account => vec![item.scope.account_id.clone()],
        CountBy::Region => vec![item.scope.aws_region.clone()],
        CountBy::Type => vec![item.scope.resource_type.clone()],
        CountBy::Tag(key) => {
            let tags = parse(&item.json, arena)?.get("tags");
            let value = tags.and_then(|tags| tags.text(key)).unwrap_or_default();
            vec![value.to_owned()]
        }
        CountBy::Path(path) => {
            let mut found = texts_at(parse(&item.json, arena)?, path, arena);
            found.sort();
            found.dedup();
            if found.is_empty() {
                found.push(String::new());
            }
            found
        }
    })
}

/// What stands at a place, as text: strings as they are, anything else as JSON, `null` not at all.
/// JSON in strings, as policies are, is gone into.
fn texts_at<'a>(item: Node<'a>, path: &str, arena: &'a Bump) -> Vec<String> {
    let mut nodes = vec![item];
    for name in path.split('.') {
        let name = name.trim_end_matches("[*]");
        nodes = nodes
            .into_iter()
            .flat_map(|node| elements(node, arena))
            .filter_map(|node| node.get(name))
            .collect();
    }
    nodes
        .into_iter()
        .flat_map(|node| match node {
            Node::Array(elements) => elements.to_vec(),
            node => vec![node],
        })
        .filter_map(|node| match node {
            Node::Null => None,
            Node::Text(text) => Some(text.to_owned()),
            other => Some(other.to_string()),
        })
        .collect()
}

fn elements<'a>(node: Node<'a>, arena: &'a Bump) -> Vec<Node<'a>> {
    match node {
        Node::Array(elements) => elements.to_vec(),
        Node::Text(text) if text.starts_with(['{', '[']) => parse(text.as_bytes(), arena)
            .map_or_else(
                |_| Vec::new(),
                |inner| match inner {
                    Node::Array(elements) => elements.to_vec(),
                    inner => vec![inner],
                },
            ),
        node => vec![node],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_through_lists_and_json_in_strings() {
        let arena = Bump::new();
        let text = br#"{"a":[{"b":1},{"b":"x"},{"b":null}],"p":"{\"s\":[{\"e\":\"Allow\"}]}"}"#;
        let item = parse(text, &arena).unwrap();
        assert_eq!(texts_at(item, "a.b", &arena), ["1", "x"]);
        assert_eq!(texts_at(item, "a[*].b", &arena), ["1", "x"]);
        assert_eq!(texts_at(item, "p.s.e", &arena), ["Allow"]);
        assert!(texts_at(item, "p.s.e.f", &arena).is_empty());
    }
}
