//! The items of all inputs: the newest of each resource, the deleted ones gone.

use std::collections::BTreeMap;

use jiff::Timestamp;
use posture_model::tree::{Bump, Node, parse};
use posture_model::{ConfigurationItem, Source};
use posture_rules::{By, Other, Related};

use crate::input::{Input, InputError, InputReport};

type Key<'a> = (&'a str, &'a str, &'a str, &'a str);

/// The items that count at one time.
pub(crate) struct Inventory<'a> {
    items: BTreeMap<Key<'a>, ConfigurationItem<'a>>,
}

impl<'a> Inventory<'a> {
    pub(crate) fn read(
        inputs: &[Input],
        now: Timestamp,
        arena: &'a Bump,
    ) -> (Inventory<'a>, Vec<InputReport>) {
        let mut inventory = Inventory {
            items: BTreeMap::new(),
        };
        let mut reports = Vec::new();
        for input in inputs {
            let mut report = InputReport {
                name: input.name(),
                items: 0,
                errors: Vec::new(),
            };
            match input.bytes() {
                Ok(bytes) => {
                    let bytes = arena.alloc_slice_copy(&bytes);
                    inventory.read_text(bytes, now, arena, &mut report);
                }
                Err(error) => report.errors.push(error),
            }
            reports.push(report);
        }
        inventory.items.retain(|_, item| item.status().exists());
        (inventory, reports)
    }

    /// Items by account, Region, type and id.
    pub(crate) fn items(&self) -> impl Iterator<Item = &ConfigurationItem<'a>> {
        self.items.values()
    }

    /// One document, or one a line.
    fn read_text(
        &mut self,
        text: &'a [u8],
        now: Timestamp,
        arena: &'a Bump,
        report: &mut InputReport,
    ) {
        let whole = match parse(text, arena) {
            Ok(node) => {
                self.add_document(node, 0, now, arena, report);
                return;
            }
            Err(error) => error,
        };
        let mut offset = 0;
        let mut lines = Vec::new();
        for line in text.split(|byte| *byte == b'\n') {
            if !line.iter().all(u8::is_ascii_whitespace) {
                lines.push((offset, line));
            }
            offset += line.len() + 1;
        }
        // A broken single document is not JSON Lines: one error, at its own place.
        if lines.len() < 2
            || !matches!(lines.first(), Some((_, line)) if parse(line, arena).is_ok())
        {
            report.errors.push(InputError {
                offset: whole.offset,
                message: whole.message,
            });
            return;
        }
        for (offset, line) in lines {
            match parse(line, arena) {
                Ok(node) => self.add_document(node, offset, now, arena, report),
                Err(error) => report.errors.push(InputError {
                    offset: offset + error.offset,
                    message: error.message,
                }),
            }
        }
    }

    /// A document of any of AWS's shapes that hold items.
    fn add_document(
        &mut self,
        node: Node<'a>,
        offset: usize,
        now: Timestamp,
        arena: &'a Bump,
        report: &mut InputReport,
    ) {
        let decoded = |node: Node<'a>| match node {
            Node::Text(text) => parse(text.as_bytes(), arena).unwrap_or(node),
            other => other,
        };
        // The event of a custom rule, delivered by Lambda.
        if let Some(event) = node.get("invokingEvent") {
            return self.add_document(decoded(event), offset, now, arena, report);
        }
        let mut found = Vec::new();
        for name in ["configurationItems", "baseConfigurationItems"] {
            found.extend(
                node.items(name)
                    .iter()
                    .map(|item| (*item, Source::AwsConfig)),
            );
        }
        for result in node.items("Results") {
            found.push((decoded(*result), Source::AwsConfigQuery));
        }
        if let Some(item @ Node::Object(_)) = node.get("configurationItem") {
            found.push((item, Source::AwsConfig));
        }
        found.extend(
            node.elements()
                .iter()
                .map(|item| (*item, Source::AwsConfig)),
        );
        if node.get("resourceType").is_some() {
            found.push((node, Source::AwsConfig));
        }
        for (item, source) in found {
            match ConfigurationItem::from_node(item, source, arena) {
                Ok(item) => {
                    report.items += 1;
                    self.add(item, now);
                }
                Err(error) => {
                    report.errors.push(InputError {
                        offset,
                        message: error.to_string(),
                    });
                }
            }
        }
    }

    /// The newest item at or before the clock wins; of two of one time, the later in the input.
    fn add(&mut self, item: ConfigurationItem<'a>, now: Timestamp) {
        if item.capture_time().is_some_and(|time| time > now) {
            return;
        }
        let key = (
            item.account_id(),
            item.aws_region(),
            item.type_name(),
            item.resource_id(),
        );
        let is_newer = self
            .items
            .get(&key)
            .is_none_or(|known| known.capture_time() <= item.capture_time());
        if is_newer {
            self.items.insert(key, item);
        }
    }
}

impl<'a> Related<'a> for &'a Inventory<'a> {
    fn find(
        &self,
        item: &ConfigurationItem<'a>,
        other: &Other,
        value: Option<&str>,
    ) -> Option<Vec<&'a ConfigurationItem<'a>>> {
        let inventory: &'a Inventory<'a> = self;
        let name = other.resource_type.as_str();
        let start = (item.account_id(), item.aws_region(), name, "");
        let all: Vec<_> = inventory
            .items
            .range(start..)
            .map(|(_, known)| known)
            .take_while(|known| {
                known.account_id() == item.account_id()
                    && known.aws_region() == item.aws_region()
                    && known.type_name() == name
            })
            .collect();
        if all.is_empty() {
            return None;
        }
        let holds = |known: &&ConfigurationItem<'a>| match (other.by, value) {
            (By::Value(path), Some(value)) => known
                .each(path)
                .is_ok_and(|nodes| nodes.iter().any(|node| node.as_text() == Some(value))),
            _ => true,
        };
        Some(all.into_iter().filter(holds).collect())
    }
}
