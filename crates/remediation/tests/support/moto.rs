//! A moto server, and what is made on it before a document runs.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::SdkConfig;
use aws_types::region::Region;
use posture_aws::{Authorisation, Client, Options, Service, action_of};
use serde::Deserialize;
use serde_json::Value;
use serde_json_path::JsonPath;

/// A moto server, ended with the test.
pub(crate) struct Moto {
    server: Mutex<Child>,
    port: u16,
}

impl Drop for Moto {
    fn drop(&mut self) {
        self.end();
    }
}

/// The Python that the AWS client's tests made, if there is one or can be.
fn python() -> Option<PathBuf> {
    let setup = Path::new(env!("CARGO_MANIFEST_DIR")).join("../aws/tests/boto3/setup.sh");
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("boto3");
    let made = Command::new(setup).arg(&venv).status();
    made.ok()?.success().then(|| venv.join("bin/python"))
}

impl Moto {
    /// Nothing where Python and moto can't be had: said loudly.
    pub(crate) fn start() -> Option<Moto> {
        let Some(python) = python() else {
            let words = b"SKIPPED: moto can't be had (python3, pip)\n";
            std::io::stderr().write_all(words).unwrap();
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let server = Command::new(python)
            .args(["-m", "moto.server", "-p", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Mutex::new(server);
        let moto = Moto { server, port };
        for _ in 0..600 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(moto);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("moto did not start");
    }

    pub(crate) fn end(&self) {
        let mut server = self.server.lock().unwrap();
        drop(server.kill());
        drop(server.wait());
    }

    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Forgets everything.
    pub(crate) fn reset(&self) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream
            .write_all(b"POST /moto-api/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.contains("200"), "{answer}");
    }

    pub(crate) fn client(&self) -> Client {
        let keys = Credentials::new("AKIAIOSFODNN7EXAMPLE", "secret", None, None, "test");
        let sdk = SdkConfig::builder()
            .region(Region::new("eu-west-1"))
            .credentials_provider(SharedCredentialsProvider::new(keys))
            .build();
        let mut options = Options::default();
        options.endpoint_url = Some(self.url());
        Client::new(sdk, options)
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seed {
    seed: Vec<SeedCall>,
    parameters: BTreeMap<String, Value>,
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

/// `tests/seeds.yaml`.
pub(crate) fn seeds() -> BTreeMap<String, Seed> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seeds.yaml");
    serde_saphyr::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

impl Seed {
    /// Makes it, and says what the document is given.
    pub(crate) async fn make(&self, client: &Client) -> Result<BTreeMap<String, Value>, String> {
        let mut saved: BTreeMap<String, String> = BTreeMap::new();
        for call in &self.seed {
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
