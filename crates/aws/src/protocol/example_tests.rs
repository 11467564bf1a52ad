//! Oracle: the examples of botocore (`examples-1.json` of 44 services), in `../shared/data/samples/botocore-examples`.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::{complete, request};
use crate::error::InputError;
use crate::model::Service;

/// Beside the repository, or beside the folder of its work trees.
fn examples() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let places = ["../../../shared", "../../../../shared"];
    let data = places.map(|place| root.join(place).join("data/samples/botocore-examples"));
    data.into_iter().find(|folder| folder.is_dir())
}

/// The examples give blobs as the text in them. The errors say where; the places are made base64.
fn encode_blobs(input: &mut Value, error: &InputError) -> bool {
    let mut changed = false;
    for problem in &error.problems {
        if !problem.what.contains("base64") {
            continue;
        }
        let pointer = problem
            .path
            .replace("][", "/")
            .replace(['.', '['], "/")
            .replace([']', '"'], "");
        if let Some(Value::String(text)) = input.pointer_mut(&format!("/{pointer}")) {
            *text = STANDARD.encode(&text);
            changed = true;
        }
    }
    changed
}

/// Examples that do not fit the models they come with. botocore refuses them too, but for Polly's, which it sends to
/// another operation's path.
const AGAINST_THE_MODEL: [(&str, &str); 11] = [
    // What is required is missing.
    ("cloud9", "CreateEnvironmentEC2"),
    ("pricing", "GetProducts"),
    // Numbers as text.
    ("ec2", "CreateImage"),
    ("s3", "CompleteMultipartUpload"),
    ("s3", "ListMultipartUploads"),
    ("s3", "ListObjects"),
    ("s3", "ListObjectsV2"),
    ("s3", "UploadPart"),
    ("s3", "UploadPartCopy"),
    // Empty names in the path.
    ("polly", "GetLexicon"),
    ("s3", "PutBucketCors"),
];

#[test]
fn every_example_serialises() {
    let Some(folder) = examples() else {
        println!("SKIPPED: ../shared/data/samples/botocore-examples is absent");
        return;
    };
    let mut done = 0;
    let mut wrong = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let operations: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let service = Service::named(name).unwrap();
        for (operation, examples) in operations.as_object().unwrap() {
            let operation = service.operation(operation).unwrap();
            for example in examples.as_array().unwrap() {
                let mut input = example["input"].clone();
                let token = || "token".to_owned();
                let mut result = complete(service, operation, &input, &token);
                if let Err(error) = &result
                    && encode_blobs(&mut input, error)
                {
                    result = complete(service, operation, &input, &token);
                }
                match result {
                    Ok(input) => {
                        let request = request(service, operation, &input);
                        assert!(
                            request.target().starts_with('/'),
                            "{name} {}",
                            operation.name
                        );
                        done += 1;
                    }
                    Err(_) if AGAINST_THE_MODEL.contains(&(name, operation.name)) => {}
                    Err(error) => wrong.push(error.to_string()),
                }
            }
        }
    }
    wrong.sort();
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        done,
        wrong.join("\n")
    );
    assert!(done >= 1384, "{done}");
}
