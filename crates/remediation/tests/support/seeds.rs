//! What is made on a moto server before a document runs.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use jiff::Timestamp;
use posture_aws::{Authorisation, Client, Service, action_of};
use serde::Deserialize;
use serde_json::Value;
use serde_json_path::JsonPath;

use crate::moto::Moto;

/// Forgets everything.
pub(crate) fn reset(moto: &Moto) {
    let mut stream = TcpStream::connect(("127.0.0.1", moto.port)).unwrap();
    stream
        .write_all(b"POST /moto-api/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("200"), "{answer}");
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seed {
    #[serde(rename = "seed")]
    calls: Vec<SeedCall>,
    parameters: BTreeMap<String, Value>,
    /// What time it is to whoever plans and runs; where nothing is said, the clock's own.
    #[serde(default)]
    pub(crate) at: Option<Timestamp>,
    /// What stands in the resource, and in no plan.
    #[serde(default)]
    pub(crate) secret: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedCall {
    service: String,
    api: String,
    #[serde(default)]
    inputs: Value,
    /// Names for parts of the answer.
    #[serde(default)]
    save: BTreeMap<String, String>,
}

/// `tests/<name>.yaml`: by document.
pub(crate) fn seeds(name: &str) -> BTreeMap<String, Seed> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/{name}.yaml"));
    serde_saphyr::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

impl Seed {
    /// Makes it, and says what the document is given.
    pub(crate) async fn make(&self, client: &Client) -> Result<BTreeMap<String, Value>, String> {
        let mut saved: BTreeMap<String, String> = BTreeMap::new();
        for call in &self.calls {
            let service = Service::named(&call.service).unwrap();
            let actions = BTreeSet::from([action_of(service, &call.api)]);
            let authorisation = Authorisation::new("seed", actions);
            let mut input = call.inputs.clone();
            if input.is_null() {
                input = serde_json::json!({});
            }
            fill(&mut input, &saved);
            let answer = client
                .call_mutating(&authorisation, &call.service, &call.api, &input)
                .await
                .map_err(|error| format!("seed: {} {}: {error}", call.service, call.api))?;
            for (name, path) in &call.save {
                let found = JsonPath::parse(path).unwrap().query(&answer).all();
                let text = found
                    .first()
                    .and_then(|value| value.as_str())
                    .ok_or_else(|| format!("seed: {path} is not in {answer}"))?;
                saved.insert(name.clone(), text.to_owned());
            }
        }
        let mut parameters = self.parameters.clone();
        for value in parameters.values_mut() {
            fill(value, &saved);
        }
        Ok(parameters)
    }
}

fn fill(value: &mut Value, saved: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            for (name, with) in saved {
                *text = text.replace(&format!("{{{{ {name} }}}}"), with);
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(|element| fill(element, saved)),
        Value::Object(members) => members.values_mut().for_each(|member| fill(member, saved)),
        _ => {}
    }
}
