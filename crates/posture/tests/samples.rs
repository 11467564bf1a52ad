//! Every recorded item that there is, through every format.
//!
//! Oracles: items of AWS's documentation, of the Rule Development Kit and of Cloud Custodian's tests,
//! in `../shared/data/samples/{config-items,docs-json/config}`; and those of `outputs`.

#![expect(clippy::unwrap_used, reason = "a test")]

mod command;
mod outputs;
mod shared;

use std::path::PathBuf;

use outputs::FORMATS;
use serde_json::Value;

fn folders() -> Option<[PathBuf; 2]> {
    let items = shared::folder("samples/config-items")?;
    let documents = shared::folder("samples/docs-json/config")?;
    Some([items, documents])
}

/// How many items a value holds, found without regard to what AWS puts around them.
fn items(value: &Value, is_query: bool) -> usize {
    let marks = [
        "configuration",
        "configurationItemStatus",
        "configurationItemCaptureTime",
    ];
    match value {
        Value::Object(members)
            if members.contains_key("resourceType")
                && (is_query || marks.iter().any(|mark| members.contains_key(*mark))) =>
        {
            1
        }
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| items(value, name == "Results"))
            .sum(),
        Value::Array(elements) => elements
            .iter()
            .map(|element| items(element, is_query))
            .sum(),
        Value::String(text) => {
            serde_json::from_str(text).map_or(0, |value: Value| items(&value, is_query))
        }
        _ => 0,
    }
}

#[test]
fn every_sample_is_read_and_every_format_is_whole() {
    let Some(folders) = folders() else { return };
    let paths: Vec<&str> = folders.iter().map(|path| path.to_str().unwrap()).collect();
    let outputs = outputs::checked(&paths);
    assert_eq!(outputs.len(), FORMATS.len());
    let report: Value = serde_json::from_str(&outputs["json"]).unwrap();
    let inputs = report["inputs"].as_array().unwrap();
    assert!(inputs.len() >= 115, "{} files", inputs.len());
    let mut without = 0;
    for input in inputs {
        let name = input["name"].as_str().unwrap();
        assert_eq!(input["errors"], serde_json::json!([]), "{name}");
        let text = std::fs::read_to_string(name).unwrap();
        let values = serde_json::Deserializer::from_str(&text).into_iter();
        let expected: usize = values.map(|value| items(&value.unwrap(), false)).sum();
        assert_eq!(input["items"], expected, "{name}");
        without += usize::from(expected == 0);
    }
    println!("{} files, {without} without items", inputs.len());
}

#[test]
fn the_same_samples_give_the_same_bytes() {
    let Some(folders) = folders() else { return };
    let paths: Vec<&str> = folders.iter().map(|path| path.to_str().unwrap()).collect();
    for format in FORMATS {
        let once = outputs::scanned(&paths, format);
        assert!(once == outputs::scanned(&paths, format), "{format}");
    }
}
