//! Rules have the types, the triggers, the parameters and the defaults of AWS's own.
//!
//! Oracle: `../shared/data/facts/managed_rules.csv`, made of the pages of AWS's documentation. Where
//! a rule differs, `catalogue.allow` says why.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

#[path = "shared/allow.rs"]
mod allow;
#[path = "shared/data.rs"]
mod data;

use std::collections::{BTreeMap, BTreeSet};

use posture_rules::{ManagedRule, Params, catalogue};

const ACCOUNT: &str = "AWS::::Account";

/// What AWS says of a rule.
#[derive(Default)]
struct Page {
    types: BTreeSet<String>,
    trigger: String,
    /// Kind and default by name.
    parameters: BTreeMap<String, (String, String)>,
}

/// The fields of a line of CSV (RFC 4180); the table has no line breaks in its fields.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut is_quoted = false;
    for letter in line.chars() {
        match letter {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => fields.push(String::new()),
            _ => fields.last_mut().unwrap().push(letter),
        }
    }
    fields
}

fn pages() -> Option<BTreeMap<String, Page>> {
    let text = std::fs::read_to_string(data::find("facts/managed_rules.csv")?).unwrap();
    let mut lines = text.lines();
    let header = fields(lines.next().unwrap());
    let column = |name: &str| header.iter().position(|known| known == name).unwrap();
    let mut pages: BTreeMap<String, Page> = BTreeMap::new();
    for line in lines {
        let row = fields(line);
        assert_eq!(row.len(), header.len(), "{line}");
        let value = |name: &str| row[column(name)].clone();
        let page = pages.entry(value("identifier")).or_default();
        let types = value("resource_types");
        let types = types.split(['|', ',', ';', ' ']).map(str::trim);
        // AWS's pages name the account as a type, or no type at all.
        let types = types.filter(|name| !name.is_empty() && *name != ACCOUNT);
        page.types.extend(types.map(str::to_owned));
        page.trigger = value("trigger");
        if !value("param").is_empty() {
            let kind = (value("param_type"), value("default"));
            page.parameters.insert(value("param"), kind);
        }
    }
    Some(pages)
}

/// What a rule declares, in the words of the table.
fn declared(rule: &ManagedRule) -> Page {
    let types = rule.resource_types.iter();
    let parameters = rule.parameters.iter().map(|parameter| {
        let default = parameter.default.unwrap_or("").to_owned();
        let kind = (parameter.kind.as_str().to_owned(), default);
        (parameter.name.to_owned(), kind)
    });
    Page {
        types: types
            .map(ToString::to_string)
            .filter(|name| name != ACCOUNT)
            .collect(),
        trigger: rule.trigger.as_str().to_owned(),
        parameters: parameters.collect(),
    }
}

/// Where a declaration differs from AWS's page.
fn differences(rule: &ManagedRule, page: &Page) -> BTreeMap<String, String> {
    let ours = declared(rule);
    let id = rule.id;
    let mut found = BTreeMap::new();
    if ours.types != page.types {
        found.insert(
            format!("{id} types"),
            format!("{:?}, AWS {:?}", ours.types, page.types),
        );
    }
    // AWS adds to some that the present state is not checked, only what changes.
    if page.trigger.split(" (").next() != Some(ours.trigger.as_str()) {
        found.insert(
            format!("{id} trigger"),
            format!("{}, AWS {}", ours.trigger, page.trigger),
        );
    }
    let names = ours.parameters.keys().chain(page.parameters.keys());
    for name in names.collect::<BTreeSet<_>>() {
        // AWS passes every value as a string, and its pages call some lists and booleans so.
        let is_same = |one: &(String, String), other: &(String, String)| {
            (one.0 == other.0 || other.0 == "String") && one.1.eq_ignore_ascii_case(&other.1)
        };
        match (ours.parameters.get(name), page.parameters.get(name)) {
            (Some(one), Some(other)) if is_same(one, other) => {}
            (one, other) => {
                let what = format!("{one:?}, AWS {other:?}");
                found.insert(format!("{id} {name}"), what);
            }
        }
    }
    found
}

#[test]
fn declarations_are_those_of_aws() {
    let Some(pages) = pages() else {
        return;
    };
    let mut found = BTreeMap::new();
    for entry in catalogue::entries() {
        match pages.get(&entry.rule.identifier()) {
            Some(page) => found.extend(differences(entry.rule, page)),
            None => {
                found.insert(format!("{} page", entry.rule.id), "not in the table".into());
            }
        }
    }
    allow::assert_as_allowed("catalogue.allow", &found);
}

#[test]
fn every_default_is_a_value_of_its_kind() {
    for entry in catalogue::entries() {
        let resolved = Params::resolve(entry.rule.parameters, []);
        assert!(resolved.is_ok(), "{}: {resolved:?}", entry.rule.id);
    }
}
