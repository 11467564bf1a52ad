//! Which controls a rule serves, in every framework: the inverse of the files, kept nowhere.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::framework::Framework;
use super::mapping::{RuleMapping, Strength};

/// The inverse of the mappings of some frameworks.
#[derive(Debug, Clone, Default)]
pub struct CrossMap<'f> {
    by_rule: BTreeMap<&'f str, Vec<Served<'f>>>,
}

/// A control that a rule serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Served<'f> {
    /// The framework's name.
    pub framework: &'f str,
    /// The control's id.
    pub control: &'f str,
    /// The edge.
    #[serde(flatten)]
    pub mapping: &'f RuleMapping,
}

/// A control of another framework that shares rules with one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Related<'f> {
    /// The framework's name.
    pub framework: &'f str,
    /// The control's id.
    pub control: &'f str,
    /// The weakest edge that the strongest shared rule goes over.
    pub strength: Strength,
    /// The rules that both name, sorted.
    pub rules: Vec<&'f str>,
}

impl<'f> CrossMap<'f> {
    /// Over these frameworks.
    pub fn new(frameworks: impl IntoIterator<Item = &'f Framework>) -> CrossMap<'f> {
        let mut by_rule: BTreeMap<&'f str, Vec<Served<'f>>> = BTreeMap::new();
        for framework in frameworks {
            for control in &framework.controls {
                for mapping in &control.rules {
                    by_rule.entry(&mapping.rule).or_default().push(Served {
                        framework: &framework.name,
                        control: &control.id,
                        mapping,
                    });
                }
            }
        }
        CrossMap { by_rule }
    }

    /// The controls that a rule serves: frameworks in the order given, controls in their own.
    pub fn served_by(&self, rule: &str) -> &[Served<'f>] {
        self.by_rule.get(rule).map_or(&[], Vec::as_slice)
    }

    /// Every rule that serves a control, sorted.
    pub fn rules(&self) -> impl Iterator<Item = &'f str> {
        self.by_rule.keys().copied()
    }

    /// Controls of other frameworks that share rules with this one: strongest first, then those
    /// with most rules in common, then by framework and id.
    pub fn related(&self, framework: &str, control: &str) -> Vec<Related<'f>> {
        let mut shared: BTreeMap<(&'f str, &'f str), (Strength, BTreeSet<&'f str>)> =
            BTreeMap::new();
        for (rule, served) in &self.by_rule {
            let own = served
                .iter()
                .find(|served| served.framework == framework && served.control == control);
            let Some(own) = own else { continue };
            for other in served.iter().filter(|other| other.framework != framework) {
                let weaker = own.mapping.strength.max(other.mapping.strength);
                let entry = shared
                    .entry((other.framework, other.control))
                    .or_insert((weaker, BTreeSet::new()));
                entry.0 = entry.0.min(weaker);
                entry.1.insert(rule);
            }
        }
        let mut related: Vec<Related<'f>> = shared
            .into_iter()
            .map(|((framework, control), (strength, rules))| Related {
                framework,
                control,
                strength,
                rules: rules.into_iter().collect(),
            })
            .collect();
        related.sort_by_key(|other| (other.strength, std::cmp::Reverse(other.rules.len())));
        related
    }
}
