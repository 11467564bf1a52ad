//! What rules read and nothing collects: a debt that only shrinks.
//!
//! Oracle: the rules' own declarations.

use std::collections::BTreeSet;
use std::path::Path;

use posture_model::{ResourceType, path_touches};
use posture_recorder::{Needs, services};

fn is_collected(resource_type: ResourceType, path: &str) -> bool {
    if resource_type == ResourceType::Account {
        let mut facts = services().flat_map(|service| service.account);
        return facts.any(|fact| path_touches(path, &fact.place()));
    }
    let mut collectors = services().flat_map(|service| service.collectors);
    let collector = collectors.find(|collector| collector.resource_type == resource_type);
    collector.is_some_and(|collector| {
        !path.starts_with("supplementaryConfiguration.")
            || collector
                .details
                .iter()
                .any(|detail| path_touches(path, detail.into))
    })
}

#[test]
fn what_rules_read_is_collected_but_for_the_debt() {
    let rules = posture_rules::catalogue::entries().iter();
    let needs = Needs::of(rules.map(|entry| entry.rule));
    let missing: BTreeSet<String> = needs
        .pairs()
        .filter(|(resource_type, path)| !is_collected(*resource_type, path))
        .map(|(resource_type, path)| format!("{} {path}", resource_type.as_str()))
        .collect();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/uncollected.allow");
    let text = std::fs::read_to_string(&file).unwrap();
    let allowed: BTreeSet<String> = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(str::to_owned)
        .collect();
    let new: Vec<_> = missing.difference(&allowed).collect();
    let paid: Vec<_> = allowed.difference(&missing).collect();
    assert!(new.is_empty(), "read and collected by nobody: {new:#?}");
    assert!(
        paid.is_empty(),
        "strike these from {}: {paid:#?}",
        file.display()
    );
}
