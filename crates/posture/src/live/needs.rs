//! What packs need to be recorded.

use std::collections::BTreeSet;

use posture_content::packs::{Pack, PackRule};
use posture_model::ResourceType;
use posture_recorder::Needs;

/// What the rules of these packs read; of these rules only, where any are named.
pub(crate) fn needs_of(packs: &[Pack], rules: &[String]) -> Needs {
    let mut needs = Needs::default();
    for rule in packs.iter().flat_map(|pack| &pack.rules) {
        // What can't be resolved is told when it is to be evaluated.
        let managed = rule.resolve().ok().flatten().map(|(entry, _)| entry.rule);
        let name = managed.map_or(rule.name.as_str(), |managed| managed.id);
        if !rules.is_empty() && !rules.iter().any(|known| known == name) {
            continue;
        }
        match managed {
            Some(managed) => needs.add(managed),
            None if rule.policy.is_some() => {
                let types = rule.types.iter();
                for resource_type in types.filter_map(|name| ResourceType::from_name(name)) {
                    needs.add_whole(resource_type);
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
