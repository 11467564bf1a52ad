//! Rules by their patterns, and which of them an event matches.

mod bytes;
mod machine;
mod matcher;
mod ranges;
mod values;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use posture_model::tree::Node;

use crate::pattern::Pattern;

use machine::Machine;
pub use matcher::Matcher;

/// Named patterns that are matched together, as one automaton.
///
/// The automaton is built when it is first needed after a change. Matching asks each field of an
/// event once however many rules ask for it, and reads nothing of it that no rule asks for.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: BTreeMap<Arc<str>, Arc<Pattern>>,
    machine: OnceLock<Machine>,
}

impl RuleSet {
    /// A set without rules.
    pub fn new() -> RuleSet {
        RuleSet::default()
    }

    /// Adds a rule; one of the same name is replaced and returned.
    pub fn add(&mut self, name: &str, pattern: Pattern) -> Option<Arc<Pattern>> {
        self.machine = OnceLock::new();
        self.rules.insert(name.into(), Arc::new(pattern))
    }

    /// Removes a rule and returns it, where there is one of this name.
    pub fn remove(&mut self, name: &str) -> Option<Arc<Pattern>> {
        let removed = self.rules.remove(name);
        if removed.is_some() {
            self.machine = OnceLock::new();
        }
        removed
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there is no rule.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The names of the rules that match an event, sorted.
    pub fn matching(&self, event: Node<'_>) -> Vec<&str> {
        self.matcher().matching(event).to_vec()
    }

    /// What matches many events without allocating anew for each.
    pub fn matcher(&self) -> Matcher<'_> {
        Matcher::new(self.machine.get_or_init(|| Machine::build(&self.rules)))
    }
}
