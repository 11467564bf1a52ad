//! What packs need to be recorded.

use std::collections::BTreeSet;

use posture_content::packs::{Pack, PackRule};
use posture_engine::Filter;
use posture_model::ResourceType;
use posture_recorder::Needs;
use posture_rules::Severity;

/// What the rules of these packs read.
pub(crate) fn needs_of(packs: &[Pack]) -> Needs {
    needs_of_rules(packs, &Filter::default())
}

/// What the rules read that a filter leaves. Where it is kept, all that the packs need of the types that those rules read:
/// an item with less in it than the one before would be told as a change.
pub(crate) fn needs_of_filter(packs: &[Pack], filter: &Filter, is_kept: bool) -> Needs {
    let narrowed = needs_of_rules(packs, filter);
    if is_kept {
        let types = narrowed.types().collect();
        return needs_of(packs).only(&types);
    }
    narrowed
}

fn needs_of_rules(packs: &[Pack], filter: &Filter) -> Needs {
    let mut needs = Needs::default();
    for rule in packs.iter().flat_map(|pack| &pack.rules) {
        // What can't be resolved is told when it is to be evaluated.
        match rule.resolve().ok().flatten() {
            Some((entry, _)) => {
                let types = entry.rule.resource_types.iter();
                let types: Vec<&str> = types.map(|known| known.as_str()).collect();
                if filter.keeps_rule(entry.rule.id, entry.rule.severity, &types) {
                    needs.add(entry.rule);
                }
            }
            None if rule.policy.is_some() => {
                let types: Vec<&str> = rule.types.iter().map(String::as_str).collect();
                if filter.keeps_rule(&rule.name, Severity::Medium, &types) {
                    let known = types.into_iter().filter_map(ResourceType::from_name);
                    known.for_each(|resource_type| needs.add_whole(resource_type));
                }
            }
            None => {}
        }
    }
    needs
}

/// The rules of these packs that read one of these types, in their packs; and all types that those
/// rules read.
pub(crate) fn reading(
    packs: &[Pack],
    types: &BTreeSet<ResourceType>,
) -> (Vec<Pack>, BTreeSet<ResourceType>) {
    let mut read = BTreeSet::from([ResourceType::Account]);
    let mut narrowed = Vec::new();
    for pack in packs {
        let mut pack = pack.clone();
        pack.rules.retain(|rule| {
            let of_rule = types_of(rule);
            let is_touched = !of_rule.is_disjoint(types);
            if is_touched {
                read.extend(of_rule);
            }
            is_touched
        });
        if !pack.rules.is_empty() {
            narrowed.push(pack);
        }
    }
    (narrowed, read)
}

/// Every type that a rule reads.
fn types_of(rule: &PackRule) -> BTreeSet<ResourceType> {
    if let Some((entry, _)) = rule.resolve().ok().flatten() {
        let managed = entry.rule;
        let others = managed.others().map(|other| other.resource_type);
        let places = managed.places().map(|(resource_type, _)| resource_type);
        let own = managed.resource_types.iter().copied();
        return own.chain(others).chain(places).collect();
    }
    let scope = rule.types.iter();
    scope
        .filter_map(|name| ResourceType::from_name(name))
        .collect()
}
