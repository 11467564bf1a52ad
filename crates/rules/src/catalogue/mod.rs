//! Every implemented rule, and every managed rule that there is.

mod entries;
mod managed;

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::ManagedRule;

pub use managed::{ListedParameter, Listing, PROCESS_CHECK, listing_of, listings};

/// A rule and its page.
#[derive(Debug)]
pub struct Entry {
    /// The rule.
    pub rule: &'static ManagedRule,
    source: &'static str,
}

impl Entry {
    /// The rule's page: the words above its code, in Markdown.
    pub fn page(&self) -> String {
        let lines = self
            .source
            .lines()
            .map_while(|line| line.strip_prefix("//!"));
        let lines: Vec<&str> = lines
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect();
        lines.join("\n")
    }
}

impl Entry {
    /// What the page says under this heading.
    pub fn section(&self, heading: &str) -> String {
        let page = self.page();
        let start = format!("## {heading}");
        let lines = page.lines().skip_while(|line| *line != start).skip(1);
        let lines: Vec<&str> = lines.take_while(|line| !line.starts_with("## ")).collect();
        lines.join("\n").trim().to_owned()
    }
}

/// Every implemented rule, by service and name.
pub fn entries() -> &'static [Entry] {
    entries::ENTRIES
}

/// The implemented rule with this AWS identifier.
pub fn by_identifier(identifier: &str) -> Option<&'static Entry> {
    static BY_IDENTIFIER: LazyLock<HashMap<String, &'static Entry>> = LazyLock::new(|| {
        entries()
            .iter()
            .map(|entry| (entry.rule.identifier(), entry))
            .collect()
    });
    BY_IDENTIFIER.get(identifier).copied()
}

/// The implemented rule with this name or identifier.
pub fn find(name: &str) -> Option<&'static Entry> {
    entries()
        .iter()
        .find(|entry| entry.rule.id == name)
        .or_else(|| by_identifier(name))
}
