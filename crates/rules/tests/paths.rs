//! Every place that a rule reads is one that AWS documents, in AWS's own casing.
//!
//! Oracle: AWS Config's published schemas of configuration items, items that AWS Config recorded,
//! and AWS's API models, all in `../shared/data`. What they don't hold is in `paths.allow` and
//! `operations.allow`, each line with its reason.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

#[path = "shared/allow.rs"]
mod allow;
#[path = "shared/data.rs"]
mod data;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path as File;

use posture_model::{Path, ResourceType, Segment};
use posture_rules::{Read, catalogue};
use serde_json::Value;

/// The places that rules read, and the types that each may be of.
fn places() -> BTreeSet<(Vec<ResourceType>, Path)> {
    let mut places = BTreeSet::new();
    for entry in catalogue::entries() {
        for read in entry.rule.reads {
            match read {
                Read::Own(path) => {
                    places.insert((entry.rule.resource_types.to_vec(), *path));
                }
                Read::Other(other) => places.extend(
                    other
                        .all_paths()
                        .map(|path| (vec![other.resource_type], path)),
                ),
            }
        }
    }
    places
}

/// The members of a path, without the arrays: the schemas leave them out.
fn members(path: Path) -> Vec<&'static str> {
    path.segments()
        .filter_map(|segment| match segment {
            Segment::Member(name) => Some(name),
            Segment::Each => None,
        })
        .collect()
}

fn json(file: &File) -> Value {
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// The places of AWS's recorded items, by type.
fn recorded() -> BTreeMap<String, BTreeSet<String>> {
    let mut places = BTreeMap::new();
    for folder in ["c7n", "rdk-example-ci"] {
        let Some(folder) = data::find("samples/config-items").map(|data| data.join(folder)) else {
            break;
        };
        for entry in std::fs::read_dir(folder).unwrap() {
            items(&json(&entry.unwrap().path()), &mut places);
        }
    }
    places
}

/// Finds the items in a document, whatever they are wrapped in.
fn items(node: &Value, places: &mut BTreeMap<String, BTreeSet<String>>) {
    match (node, &node["resourceType"]) {
        (_, Value::String(name)) if !node["configuration"].is_null() => {
            let places = places.entry(name.clone()).or_default();
            for part in ["configuration", "supplementaryConfiguration"] {
                insert(&node[part], part, places);
            }
        }
        (Value::Array(nodes), _) => nodes.iter().for_each(|node| items(node, places)),
        (Value::Object(members), _) => members.values().for_each(|node| items(node, places)),
        _ => {}
    }
}

/// Notes a place and everything in it; text that holds JSON is read through, as items hold it.
fn insert(node: &Value, place: &str, places: &mut BTreeSet<String>) {
    places.insert(place.to_owned());
    match node {
        Value::Object(members) => {
            for (name, member) in members {
                insert(member, &format!("{place}.{name}"), places);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|node| insert(node, place, places)),
        Value::String(text) if text.starts_with(['{', '[', '"']) => {
            if let Ok(node) = serde_json::from_str::<Value>(text) {
                insert(&node, place, places);
            }
        }
        _ => {}
    }
}

/// The schema's places, each with its parents; none where AWS publishes no schema of the type.
fn schema(folder: &File, resource_type: ResourceType) -> Option<BTreeSet<String>> {
    let file = folder.join(format!("{}.properties.json", resource_type.as_str()));
    if !file.exists() {
        return None;
    }
    let mut places = BTreeSet::new();
    for place in json(&file).as_object().unwrap().keys() {
        let mut parent = Some(place.as_str());
        while let Some(inner) = parent {
            places.insert(inner.to_owned());
            parent = inner.rsplit_once('.').map(|(outer, _)| outer);
        }
    }
    Some(places)
}

#[test]
fn places_that_aws_config_records_are_in_its_schemas() {
    let folder = data::find("config-resource-schema/properties/resource-types");
    let (Some(folder), Some(models)) = (folder, models()) else {
        return;
    };
    let recorded = recorded();
    let mut schemas: BTreeMap<ResourceType, Option<BTreeSet<String>>> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for (types, path) in places() {
        let is_part =
            path.is_within("configuration") || path.is_within("supplementaryConfiguration");
        if !is_part || !path.is_recorded_by_aws_config() {
            continue;
        }
        let members = members(path);
        let place = members.join(".");
        let is_in_one = types.iter().any(|resource_type| {
            let schema = schemas
                .entry(*resource_type)
                .or_insert_with(|| schema(&folder, *resource_type));
            let item = recorded.get(resource_type.as_str());
            let is_of = |(name, _): &&(String, Value)| *name == service(*resource_type);
            match schema {
                // What AWS Config doesn't record has the API's own members.
                None => models
                    .iter()
                    .filter(is_of)
                    .any(|(_, model)| shape_has(model, &members[1..])),
                Some(schema) => {
                    schema.contains(&place) || item.is_some_and(|item| item.contains(&place))
                }
            }
        });
        if !is_in_one {
            let names: Vec<&str> = types.iter().map(|one| one.as_str()).collect();
            let entry = format!("{} {path}", names.join(","));
            found.insert(entry, "in no schema and no recorded item".into());
        }
    }
    allow::assert_as_allowed("paths.allow", &found);
}

/// AWS's API models by service, as resource types name it.
fn models() -> Option<Vec<(String, Value)>> {
    let files = std::fs::read_dir(data::find("compact-models")?).unwrap();
    let model = |file: std::path::PathBuf| {
        let stem = file.file_stem().unwrap().to_string_lossy();
        (stem.replace('-', ""), json(&file))
    };
    Some(files.map(|entry| model(entry.unwrap().path())).collect())
}

/// The service of a type, as its model is called.
fn service(resource_type: ResourceType) -> String {
    let name = resource_type.as_str();
    name.split("::").nth(1).unwrap().to_lowercase()
}

/// Whether some shape of a model has these members inside one another.
fn shape_has(model: &Value, members: &[&str]) -> bool {
    let shapes = model["shapes"].as_object().unwrap();
    shapes.keys().any(|shape| {
        let inner = |shape, name: &&str| step(model, shape, name);
        members.iter().try_fold(shape.as_str(), inner).is_some()
    })
}

/// Whether the reply of an operation has the rest of a path in it.
fn reply_has(model: &Value, operation: &str, rest: &[&str]) -> bool {
    let reply = model["operations"][operation]["o"].as_str();
    let inner = |shape, name: &&str| step(model, shape, name);
    reply.is_some_and(|reply| rest.iter().try_fold(reply, inner).is_some())
}

/// The shape of a member, through lists and maps; a map's keys may be any.
fn step<'m>(model: &'m Value, shape: &'m str, name: &str) -> Option<&'m str> {
    let known = &model["shapes"][shape];
    // A reference is the shape's name, alone or beside its name on the wire.
    let target = |reference: &'m Value| reference.as_str().or_else(|| reference["s"].as_str());
    match known["t"].as_str()? {
        "structure" => target(&known["m"][name]),
        "list" => step(model, target(&known["e"])?, name),
        "map" => target(&known["v"]),
        _ => None,
    }
}

#[test]
fn places_that_an_api_answers_are_in_its_model() {
    let Some(models) = models() else {
        return;
    };
    let mut found = BTreeMap::new();
    for (types, path) in places() {
        let Some(operation) = path.operation() else {
            continue;
        };
        let service = service(types[0]);
        let of_service: Vec<_> = models.iter().filter(|(name, _)| *name == service).collect();
        let has = |(_, model): &&(String, Value)| {
            reply_has(model, operation, members(path).get(2..).unwrap())
        };
        let knows = |(_, model): &&(String, Value)| !model["operations"][operation].is_null();
        let is_known = if of_service.iter().any(knows) {
            of_service.iter().any(has)
        } else {
            models.iter().any(|one| has(&one))
        };
        if !is_known {
            found.insert(path.to_string(), format!("no reply of {operation} has it"));
        }
    }
    allow::assert_as_allowed("operations.allow", &found);
}
