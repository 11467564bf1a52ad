//! Oracle: the unit tests of Panther's policies on AWS resources (panther-labs/panther-analysis), in
//! `../shared/data/samples/panther-tests`. `tests/oracles/rules/panther.yaml` says which of our rules
//! is about the subject of each, or why none is, and why a verdict may differ.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

#[path = "panther/convert.rs"]
mod convert;
mod shared;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use posture_content::packs::{Pack, PackRule};
use posture_engine::{Exceptions, Filter, Input, Options, scan};
use posture_rules::catalogue;
use serde::Deserialize;
use serde_json::Value;

/// After every capture time of [`convert`], long after the samples' past and before their future.
const NOW: &str = "2026-06-01T00:00:00Z";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    policies: BTreeMap<String, Mapping>,
}

/// Either a rule or a reason to have none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Mapping {
    rule: Option<String>,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    /// What is changed in every resource before it is converted, by dotted path.
    #[serde(default)]
    set: BTreeMap<String, Value>,
    /// Why.
    because: Option<String>,
    left_out: Option<String>,
    /// The tests on which AWS's rule and Panther's policy disagree.
    #[serde(default)]
    differs: BTreeMap<String, Difference>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    verdict: String,
    because: String,
}

#[derive(Deserialize)]
struct Policy {
    id: String,
    types: Vec<String>,
    tests: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    expected: bool,
    input: Value,
}

fn table() -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/oracles/rules/panther.yaml");
    serde_saphyr::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn policies(folder: &Path) -> Vec<Policy> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            name.starts_with("policies__aws_")
        })
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
        .collect()
}

fn change(input: &mut Value, path: &str, value: &Value) {
    let place = path.split('.').fold(input, |at, name| &mut at[name]);
    *place = value.clone();
}

/// The verdict of one rule on the first item, and its reason.
fn verdict(pack: &Pack, items: &[Value]) -> String {
    let lines: Vec<String> = items.iter().map(Value::to_string).collect();
    let input = Input::Text("panther".to_owned(), lines.join("\n").into());
    let exceptions = Exceptions::default();
    let options = Options {
        now: NOW.parse().unwrap(),
        filter: Filter::default(),
        exceptions: &exceptions,
        listed: &[],
        progress: None,
    };
    let scanned = scan(&[input], std::slice::from_ref(pack), options).unwrap();
    assert_eq!(scanned.inputs[0].errors, []);
    let judged = &items[0];
    let rows = scanned.collect_rows(
        &|outline| outline.resource_type == judged["resourceType"],
        &|row| {
            let is_judged = row.item.resource_id() == judged["resourceId"]
                && row.item.aws_region() == judged["awsRegion"];
            is_judged.then(|| format!("{}: {}", row.compliance_type.as_str(), row.reason()))
        },
    );
    let rows: Vec<String> = rows.unwrap().into_iter().flatten().collect();
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows.concat()
}

/// Whether a verdict is what Panther expects: a resource that a rule doesn't apply to doesn't fail.
fn agrees(verdict: &str, expected: bool) -> bool {
    if expected {
        verdict.starts_with("COMPLIANT") || verdict.starts_with("NOT_APPLICABLE")
    } else {
        verdict.starts_with("NON_COMPLIANT")
    }
}

fn problems_of(policy: &Policy, mapping: &Mapping, rule: &str) -> Vec<String> {
    let Some(entry) = catalogue::find(rule) else {
        return vec![format!("{}: no rule is named {rule}", policy.id)];
    };
    let pack = Pack {
        name: "panther".to_owned(),
        rules: vec![PackRule {
            name: rule.to_owned(),
            owner: "AWS".to_owned(),
            identifier: entry.rule.identifier(),
            parameters: mapping.parameters.clone(),
            ..PackRule::default()
        }],
        ..Pack::default()
    };
    let mut problems = Vec::new();
    for case in &policy.tests {
        let mut input = case.input.clone();
        for (path, value) in &mapping.set {
            change(&mut input, path, value);
        }
        let Some(items) = convert::items(&policy.types[0], &input) else {
            return vec![format!(
                "{}: {} isn't converted",
                policy.id, policy.types[0]
            )];
        };
        let verdict = verdict(&pack, &items);
        let problem = match mapping.differs.get(&case.name) {
            None if agrees(&verdict, case.expected) => continue,
            None => format!("Panther expects {}", case.expected),
            Some(difference) if difference.because.is_empty() => "no reason".to_owned(),
            Some(_) if agrees(&verdict, case.expected) => "does not differ".to_owned(),
            Some(difference) if verdict.starts_with(&format!("{}:", difference.verdict)) => {
                continue;
            }
            Some(difference) => format!("the table expects {}", difference.verdict),
        };
        problems.push(format!(
            "{}: {}: {verdict}; {problem}",
            policy.id, case.name
        ));
    }
    problems
}

#[test]
fn rules_agree_with_panther_or_the_table_says_why_not() {
    let Some(folder) = shared::folder("samples/panther-tests") else {
        return;
    };
    let table = table();
    let policies = policies(&folder);
    let mut problems = Vec::new();
    let (mut mapped, mut cases) = (0, 0);
    for policy in &policies {
        let Some(mapping) = table.policies.get(&policy.id) else {
            problems.push(format!("{} is not in the table", policy.id));
            continue;
        };
        let names: BTreeSet<&str> = policy.tests.iter().map(|case| &*case.name).collect();
        for name in mapping.differs.keys() {
            if !names.contains(&**name) {
                problems.push(format!("{} has no test {name:?}", policy.id));
            }
        }
        match (&mapping.rule, &mapping.left_out) {
            (Some(rule), None) => {
                mapped += 1;
                cases += policy.tests.len();
                problems.extend(problems_of(policy, mapping, rule));
            }
            (None, Some(why)) if !why.is_empty() => {}
            _ => problems.push(format!("{}: a rule, or why there is none", policy.id)),
        }
        if !mapping.set.is_empty() && mapping.because.is_none() {
            problems.push(format!("{}: why is something set?", policy.id));
        }
    }
    let known: BTreeSet<&str> = policies.iter().map(|policy| &*policy.id).collect();
    for id in table.policies.keys() {
        if !known.contains(&**id) {
            problems.push(format!("Panther has no policy {id}"));
        }
    }
    println!("{cases} tests of {mapped} policies, of {}", policies.len());
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    assert!(mapped > 0);
}
