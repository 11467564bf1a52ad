//! How much of a framework is covered, in numbers.

use std::collections::BTreeSet;

use posture_rules::catalogue;
use serde::Serialize;

use super::framework::{Control, Coverage, Framework};

/// Numbers of a framework. `full + partial + manual + not_automated = controls`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Its controls.
    pub controls: usize,
    /// Those with full coverage.
    pub full: usize,
    /// Those with partial coverage.
    pub partial: usize,
    /// Those that a person's evidence shows.
    pub manual: usize,
    /// Those that nothing here shows.
    pub not_automated: usize,
    /// Different rules that its controls name.
    pub rules: usize,
    /// Those of them that this version implements; the others never pass.
    pub implemented: usize,
    /// Edges from a control to a rule.
    pub mappings: usize,
}

impl Counts {
    /// Of a whole framework.
    pub fn of(framework: &Framework) -> Counts {
        Counts::over(framework.controls.iter())
    }

    /// Of some controls.
    pub fn over<'c>(controls: impl Iterator<Item = &'c Control>) -> Counts {
        let mut counts = Counts::default();
        let mut rules: BTreeSet<&str> = BTreeSet::new();
        for control in controls {
            counts.controls += 1;
            match control.coverage {
                Coverage::Full => counts.full += 1,
                Coverage::Partial => counts.partial += 1,
                Coverage::Manual => counts.manual += 1,
                Coverage::NotAutomated => counts.not_automated += 1,
            }
            counts.mappings += control.rules.len();
            rules.extend(control.rules.iter().map(|mapping| mapping.rule.as_str()));
        }
        counts.rules = rules.len();
        counts.implemented = rules
            .iter()
            .filter(|rule| {
                catalogue::listing_of(rule).is_some_and(|listing| listing.entry.is_some())
            })
            .count();
        counts
    }
}
