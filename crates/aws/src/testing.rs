//! What tests of several modules share.

use std::io::Read as _;
use std::path::Path;

use serde_json::Value;

use crate::model::Service;

#[path = "../../../xtask/src/models/compact.rs"]
mod compact;

/// A packed fixture of `tests/fixtures/botocore`.
pub(crate) fn fixture(name: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/botocore");
    let packed = std::fs::read(folder.join(name)).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed.as_slice())
        .read_to_string(&mut text)
        .unwrap();
    serde_json::from_str(&text).unwrap()
}

/// A service from botocore's description of it, by way of the same compaction as the embedded ones.
pub(crate) fn service(name: &str, description: &Value) -> Service {
    let compact = compact::service(name, description, &Value::Null, &Value::Null).unwrap();
    Service::decode(name, compact.to_string().leak()).unwrap()
}
