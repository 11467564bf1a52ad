//! A framework's rules as a pack.

use std::collections::BTreeMap;

use posture_rules::catalogue;

use super::framework::Framework;
use crate::packs::{Pack, PackRule};

impl Framework {
    /// Every rule that serves a control, with its default parameters, each once: what a scan has to
    /// run for an assessment of this framework to have evidence of all that can be tested.
    pub fn pack(&self) -> Pack {
        let mut rules: BTreeMap<&str, PackRule> = BTreeMap::new();
        for control in &self.controls {
            for mapping in &control.rules {
                let Some(entry) = catalogue::find(&mapping.rule) else {
                    continue;
                };
                let rule = rules.entry(&mapping.rule).or_insert_with(|| PackRule {
                    name: mapping.rule.clone(),
                    owner: "AWS".to_owned(),
                    identifier: entry.rule.identifier(),
                    ..PackRule::default()
                });
                rule.controls.push(control.id.clone());
            }
        }
        Pack {
            name: self.name.clone(),
            template: format!("{} {}", self.standard, self.version),
            rules: rules.into_values().collect(),
            remediations: Vec::new(),
        }
    }
}
