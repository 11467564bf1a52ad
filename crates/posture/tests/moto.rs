//! Oracle: the list of managed rules that moto keeps, in `tests/oracles/rules/moto.yaml`.

#![expect(clippy::unwrap_used, reason = "a test")]

mod command;

use std::collections::BTreeMap;
use std::path::Path;

use command::posture;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Moto {
    #[serde(rename = "only-in-moto")]
    missing_here: BTreeMap<String, String>,
    only_here: BTreeMap<String, String>,
    /// How many parameters each rule has.
    rules: BTreeMap<String, usize>,
}

#[test]
fn the_catalogue_is_moto_s_but_for_what_is_listed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/oracles/rules/moto.yaml");
    let moto: Moto = serde_saphyr::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let run = posture(&["rules", "list", "--format", "json"]);
    let listed: Vec<Value> = serde_json::from_slice(&run.stdout).unwrap();
    let listed: BTreeMap<&str, usize> = listed
        .iter()
        .map(|rule| {
            let parameters = rule["parameters"].as_array().unwrap().len();
            (rule["sourceIdentifier"].as_str().unwrap(), parameters)
        })
        .collect();
    let mut problems = Vec::new();
    for (identifier, parameters) in &moto.rules {
        let is_listed = listed.get(&**identifier);
        match (is_listed, moto.missing_here.get(identifier)) {
            (Some(ours), None) if ours == parameters => {}
            (Some(ours), None) => {
                problems.push(format!(
                    "{identifier}: {ours} parameters, {parameters} in moto"
                ));
            }
            (None, Some(why)) if !why.is_empty() => {}
            (None, _) => problems.push(format!("{identifier} is in moto only")),
            (Some(_), Some(_)) => problems.push(format!("{identifier} is here by now")),
        }
    }
    for identifier in listed.keys() {
        let is_explained = moto
            .only_here
            .get(*identifier)
            .is_some_and(|why| !why.is_empty());
        if moto.rules.contains_key(*identifier) == is_explained {
            problems.push(format!(
                "{identifier} is here only, or is said to be and isn't"
            ));
        }
    }
    let stale = |identifiers: &BTreeMap<String, String>, known: &dyn Fn(&str) -> bool| {
        let unknown = identifiers.keys().filter(|identifier| !known(identifier));
        unknown.cloned().collect::<Vec<String>>()
    };
    problems.extend(stale(&moto.missing_here, &|id| moto.rules.contains_key(id)));
    problems.extend(stale(&moto.only_here, &|id| listed.contains_key(id)));
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}
