//! Every implemented rule.

mod entries;

use crate::ManagedRule;

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

/// Every implemented rule, by service and name.
pub fn entries() -> &'static [Entry] {
    entries::ENTRIES
}

/// The implemented rule with this AWS identifier.
pub fn by_identifier(identifier: &str) -> Option<&'static Entry> {
    entries()
        .iter()
        .find(|entry| entry.rule.identifier() == identifier)
}

/// The implemented rule with this name or identifier.
pub fn find(name: &str) -> Option<&'static Entry> {
    entries()
        .iter()
        .find(|entry| entry.rule.id == name)
        .or_else(|| by_identifier(name))
}
