//! What the vendors' published schemas allow: `schemas/*.json`, a file a vendor, each with the pages its
//! facts come from. The names, types, enumerations and lengths are the vendor's, the files are ours;
//! `published_types.rs` holds them against the types that the vendors themselves publish.
//!
//! Stricter than the vendors: a member that the file does not name is refused, so that a member we
//! begin to send is looked up before it is sent.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Map, Value};

struct Operation {
    vendor: String,
    method: String,
    path: Validator,
    headers: BTreeMap<String, Validator>,
    most_bytes: u64,
    /// None where the operation has no body.
    body: Option<Validator>,
}

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../notify/tests/schemas");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    files.iter().flat_map(|file| operations(file)).collect()
});

fn operations(file: &Path) -> Vec<Operation> {
    let text = std::fs::read_to_string(file).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let operation = |operation: &Value| Operation {
        vendor: text(&file["vendor"]),
        method: text(&operation["method"]),
        path: pattern(&operation["path"]),
        headers: operation["headers"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.clone(), pattern(value)))
            .collect(),
        most_bytes: operation["mostBytes"].as_u64().unwrap_or(u64::MAX),
        body: operation.get("body").map(|body| {
            let mut schema = body.as_object().unwrap().clone();
            let parts = file.get("$defs").cloned();
            schema.insert("$defs".to_owned(), parts.unwrap_or(Map::new().into()));
            jsonschema::draft202012::new(&schema.into()).unwrap()
        }),
    };
    let listed = file["operations"].as_array().unwrap();
    listed.iter().map(operation).collect()
}

fn pattern(pattern: &Value) -> Validator {
    jsonschema::draft202012::new(&serde_json::json!({"pattern": pattern})).unwrap()
}

/// What a vendor would say of a request; empty where it would take it.
pub(crate) fn complaints(
    method: &str,
    path: &str,
    headers: &BTreeMap<String, String>,
    body: &[u8],
) -> Vec<String> {
    let is_it = |operation: &&Operation| {
        operation.method == method && operation.path.is_valid(&Value::from(path))
    };
    let Some(operation) = OPERATIONS.iter().find(is_it) else {
        return vec![format!("no vendor has {method} {path}")];
    };
    let vendor = &operation.vendor;
    let mut complaints = Vec::new();
    for (name, expected) in &operation.headers {
        let found = headers.get(name).map_or("", String::as_str);
        if !expected.is_valid(&Value::from(found)) {
            complaints.push(format!("{vendor}, {method} {path}: {name} is {found:?}"));
        }
    }
    if u64::try_from(body.len()).unwrap() > operation.most_bytes {
        complaints.push(format!("{vendor}, {method} {path}: {} bytes", body.len()));
    }
    match (&operation.body, body) {
        (None, []) => {}
        (None, _) => complaints.push(format!("{vendor}, {method} {path}: has no body")),
        (Some(schema), body) => {
            match serde_json::from_slice(body) {
                Ok(body) => complaints.extend(schema.iter_errors(&body).map(|error| {
                    format!("{vendor}, {path}: {error} at {}", error.instance_path())
                })),
                Err(error) => complaints.push(format!("{vendor}, {path}: {error}")),
            }
        }
    }
    complaints
}
