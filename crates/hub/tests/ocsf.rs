//! What is exported as OCSF is OCSF.
//!
//! Oracle: the schema's own files in `../shared/data/ocsf-schema`, read by a validator that knows
//! nothing of ours: every attribute is known, required ones are there, values have their types and are
//! of their enumerations. Skipped, loudly, where they are absent.

#![expect(clippy::unwrap_used, reason = "a test")]

mod common;
#[path = "../../store/tests/support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use common::{asff, hub, import};
use posture_engine::Input;
use posture_hub::filter::Filters;
use posture_hub::{formats, output};
use serde_json::{Value, json};
use support::{TestClock, at, places};

struct Schema {
    folder: PathBuf,
    dictionary: Value,
}

fn json_of(path: &Path) -> Option<Value> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

impl Schema {
    fn open() -> Option<Schema> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ocsf-schema");
        let Some(dictionary) = json_of(&folder.join("dictionary.json")) else {
            writeln!(
                std::io::stderr(),
                "SKIPPED: {} is not there",
                folder.display()
            )
            .unwrap();
            return None;
        };
        Some(Schema { folder, dictionary })
    }

    fn part(&self, name: &str) -> Value {
        let places = ["events/findings", "events", "objects"];
        let found = places
            .iter()
            .find_map(|place| json_of(&self.folder.join(place).join(format!("{name}.json"))));
        found.unwrap_or_else(|| panic!("the schema has no {name}"))
    }

    /// The attributes of a class or object, with those that it inherits and includes.
    fn attributes(&self, name: &str) -> BTreeMap<String, Value> {
        let part = self.part(name);
        let mut all = match part["extends"].as_str() {
            Some(parent) => self.attributes(parent),
            None => BTreeMap::new(),
        };
        let mut add = |attributes: &Value, weaken: bool| {
            for (name, attribute) in attributes.as_object().into_iter().flatten() {
                if name == "$include" {
                    continue;
                }
                let known = all.entry(name.clone()).or_insert_with(|| json!({}));
                for (key, value) in attribute.as_object().into_iter().flatten() {
                    known[key] = value.clone();
                }
                // What a profile requires is required where the profile is applied; ours are listed.
                if weaken && known["requirement"] == "required" {
                    known["requirement"] = json!("recommended");
                }
            }
        };
        let includes = part["attributes"]["$include"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        for include in includes.iter().filter_map(Value::as_str) {
            let included = json_of(&self.folder.join(include)).unwrap();
            add(&included["attributes"], true);
        }
        let cloud = json_of(&self.folder.join("profiles/cloud.json")).unwrap();
        if ["base_event", "finding"].contains(&name) {
            add(&cloud["attributes"], true);
        }
        add(&part["attributes"], false);
        all
    }

    fn check(&self, name: &str, value: &Value, place: &str, problems: &mut Vec<String>) {
        let attributes = self.attributes(name);
        let members = value.as_object().unwrap();
        for (attribute, about) in &attributes {
            if about["requirement"] == "required" && !members.contains_key(attribute) {
                problems.push(format!("{place}: {name} lacks {attribute}"));
            }
        }
        for (member, value) in members {
            let place = format!("{place}.{member}");
            match attributes.get(member) {
                None => problems.push(format!("{place}: {name} has no such attribute")),
                Some(about) => self.check_value(member, about, value, &place, problems),
            }
        }
        let wanted = self.part(name)["constraints"]["at_least_one"].clone();
        let names: Vec<&str> = wanted
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        if !names.is_empty() && !names.iter().any(|name| members.contains_key(*name)) {
            problems.push(format!("{place}: {name} has none of {names:?}"));
        }
    }

    /// The numbers of a class: its category's, its own, and its activity's.
    fn check_class(&self, name: &str, event: &Value) {
        let categories = json_of(&self.folder.join("categories.json")).unwrap();
        let category = categories["attributes"]["findings"]["uid"]
            .as_i64()
            .unwrap();
        let class = category * 1000 + self.part(name)["uid"].as_i64().unwrap();
        assert_eq!(event["category_uid"], category);
        assert_eq!(event["class_uid"], class);
        assert_eq!(event["class_name"], self.part(name)["caption"]);
        assert_eq!(
            event["type_uid"],
            class * 100 + event["activity_id"].as_i64().unwrap()
        );
    }

    fn check_value(
        &self,
        name: &str,
        about: &Value,
        value: &Value,
        place: &str,
        problems: &mut Vec<String>,
    ) {
        let entry = &self.dictionary["attributes"][name];
        if entry["is_array"] == true {
            let Some(list) = value.as_array() else {
                problems.push(format!("{place}: expected a list"));
                return;
            };
            for (number, one) in list.iter().enumerate() {
                self.check_one(entry, about, one, &format!("{place}[{number}]"), problems);
            }
            return;
        }
        self.check_one(entry, about, value, place, problems);
    }

    fn check_one(
        &self,
        entry: &Value,
        about: &Value,
        value: &Value,
        place: &str,
        problems: &mut Vec<String>,
    ) {
        let kind = entry["type"].as_str().unwrap_or_default();
        let types = &self.dictionary["types"]["attributes"];
        let base = types[kind]["type"].as_str().unwrap_or(kind);
        let fits = match base {
            "string_t" => value.is_string(),
            "integer_t" | "long_t" => value.is_i64(),
            "boolean_t" => value.is_boolean(),
            "float_t" => value.is_number(),
            "json_t" => true,
            "object_t" | "object" => value.is_object(),
            _ if types.get(base).is_none() => {
                self.check(base, value, place, problems);
                true
            }
            _ => true,
        };
        if !fits {
            problems.push(format!("{place}: {value} is no {kind}"));
        }
        let listed = [&about["enum"], &entry["enum"]]
            .into_iter()
            .find(|list| list.is_object());
        // The schema's server makes these two enumerations; `check_class` does here.
        if place.ends_with(".category_uid") || place.ends_with(".class_uid") {
            return;
        }
        if let (Some(number), Some(listed)) = (value.as_i64(), listed) {
            let is_shared = ["0", "99"].contains(&number.to_string().as_str());
            if listed.get(number.to_string()).is_none() && !is_shared {
                problems.push(format!("{place}: {number} is none of its enumeration"));
            }
        }
    }
}

#[tokio::test]
async fn every_kind_of_finding_is_a_valid_event() {
    let Some(schema) = Schema::open() else { return };
    let place = places().await.remove(0);
    let clock = TestClock::default();
    clock.set(20);
    let hub = hub(&place, &clock).await;
    let reasons = json!({"Compliance": {
        "Status": "WARNING",
        "StatusReasons": [{"ReasonCode": "DENIED", "Description": "words"}],
        "RelatedRequirements": ["NIST.800-53.r5 AC-3"],
        "AssociatedStandards": [{"StandardsId": "standards/pci-dss/v/4.0.1"}],
    }, "Remediation": {"Recommendation": {"Text": "do", "Url": "https://example.com"}}, "Types": ["a"]});
    let vulnerable =
        json!({"Compliance": null, "Vulnerabilities": [{"Id": "CVE-2026-1"}, {"Id": "GHSA-1"}]});
    let threat = json!({"Compliance": null, "RecordState": "ARCHIVED"});
    import(
        &hub,
        vec![
            asff("a", 10, "FAILED", &json!({})),
            asff("b", 10, "WARNING", &reasons),
            asff("c", 10, "FAILED", &vulnerable),
            asff("d", 10, "FAILED", &threat),
        ],
    )
    .await;
    let asr = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/asff/asr");
    let mut prepared = Vec::new();
    for entry in std::fs::read_dir(asr).unwrap() {
        formats::read(&Input::File(entry.unwrap().path()), at(5), |finding| {
            prepared.push(hub.prepare(finding).unwrap());
            Ok(())
        });
    }
    hub.write(prepared, common::EVENTS).await.unwrap();
    let mut classes = BTreeMap::new();
    let mut after = 0;
    while let Some((page, last)) = hub.next_page(&Filters::default(), after).await.unwrap() {
        after = last;
        for finding in &page {
            let event = Value::Object(output::ocsf::event(finding));
            let class = event["class_uid"].as_i64().unwrap();
            *classes.entry(class).or_insert(0) += 1;
            let name = match class {
                2002 => "vulnerability_finding",
                2003 => "compliance_finding",
                _ => "detection_finding",
            };
            schema.check_class(name, &event);
            let mut problems = Vec::new();
            schema.check(name, &event, name, &mut problems);
            assert!(problems.is_empty(), "{problems:#?}\n{event:#}");
            // What we write we read.
            let back = formats::findings(event, false, at(5)).unwrap();
            let status = back[0]
                .asff
                .get("Compliance")
                .map(|all| all["Status"].clone());
            let ours = finding
                .asff
                .get("Compliance")
                .map(|all| all["Status"].clone());
            if class == 2003 && ours != Some(json!("NOT_AVAILABLE")) {
                assert_eq!(status, ours);
            }
        }
    }
    assert_eq!(
        classes.keys().copied().collect::<Vec<_>>(),
        [2002, 2003, 2004]
    );
}

#[test]
fn the_validator_finds_what_is_wrong() {
    let Some(schema) = Schema::open() else { return };
    let event = json!({"activity_id": "x", "severity_id": 42, "surprise": 1});
    let mut problems = Vec::new();
    schema.check("compliance_finding", &event, "e", &mut problems);
    for wanted in [
        "lacks metadata",
        "lacks compliance",
        "surprise",
        "is no integer_t",
        "42 is none",
    ] {
        assert!(
            problems.iter().any(|problem| problem.contains(wanted)),
            "{wanted}: {problems:#?}"
        );
    }
}
