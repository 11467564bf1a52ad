//! One HTTP server that stands for every vendor's API, a clock that is set, and a state to send from.

#![expect(clippy::unwrap_used, reason = "a test")]
#![allow(dead_code, reason = "each test needs a part of it")]

pub(crate) mod vendor;

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use posture_aws::{Client, Options};
use posture_notify::{Deliverer, EventsConfig, Outlet, Queue, Routes, Secrets};
use posture_store::{Location, Store};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A request that the server got.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

/// A status and a body; a status of 0 is no answer at all.
type Answer = (u16, Value);

#[derive(Default)]
struct Script {
    /// Whether it answers as AWS does, whose requests are checked on moto and by its models.
    is_aws: bool,
    requests: Vec<Request>,
    /// What vendors would have said of requests that they do not take.
    complaints: Vec<String>,
    /// The next answers, before what `by_path` says.
    next: VecDeque<Answer>,
    /// By method and the beginning of the path.
    by_path: Vec<(String, Answer)>,
}

/// The server.
#[derive(Clone)]
pub(crate) struct Fake {
    pub(crate) url: String,
    script: Arc<Mutex<Script>>,
}

impl Fake {
    /// Stands for every vendor: what their published schemas do not allow is answered 400, and the test
    /// fails.
    pub(crate) async fn start() -> Fake {
        Fake::listen(Script::default()).await
    }

    /// Stands for AWS.
    pub(crate) async fn of_aws() -> Fake {
        let script = Script {
            is_aws: true,
            ..Script::default()
        };
        Fake::listen(script).await
    }

    async fn listen(script: Script) -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let script = Arc::new(Mutex::new(script));
        let shared = Arc::clone(&script);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Fake { url, script }
    }

    /// What a request that begins so is answered, from now on: `POST /issue`.
    pub(crate) fn answers(&self, begin: &str, status: u16, body: Value) {
        let mut script = self.script.lock().unwrap();
        script.by_path.push((begin.to_owned(), (status, body)));
    }

    /// What the next requests are answered, whatever they are.
    pub(crate) fn next(&self, status: u16, times: usize) {
        let mut script = self.script.lock().unwrap();
        let answer = (status, json!({}));
        script.next.extend(std::iter::repeat_n(answer, times));
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        let script = self.script.lock().unwrap();
        assert_eq!(script.complaints, [""; 0]);
        script.requests.clone()
    }

    /// What came since the last time that this was asked.
    pub(crate) fn taken(&self) -> Vec<Request> {
        let mut script = self.script.lock().unwrap();
        assert_eq!(script.complaints, [""; 0]);
        std::mem::take(&mut script.requests)
    }
}

async fn serve(mut stream: TcpStream, script: Arc<Mutex<Script>>) {
    while let Some(request) = read(&mut stream).await {
        let (status, body) = {
            let mut script = script.lock().unwrap();
            let line = format!("{} {}", request.method, request.path);
            let complaints = if script.is_aws {
                Vec::new()
            } else {
                let Request {
                    method,
                    path,
                    headers,
                    body,
                } = &request;
                vendor::complaints(method, path, headers, body)
            };
            let refused = complaints
                .first()
                .map(|_| (400, json!({"errors": complaints})));
            script.complaints.extend(complaints);
            script.requests.push(request);
            let known = script.by_path.iter().rev();
            let known = known
                .filter(|(begin, _)| line.starts_with(begin.as_str()))
                .map(|(_, answer)| answer.clone())
                .next();
            let next = script.next.pop_front();
            refused
                .or(next)
                .or(known)
                .unwrap_or((200, json!({"ok": true})))
        };
        if status == 0 {
            // Longer than any test: the request came, and its sender never hears of it.
            std::future::pending::<()>().await;
        }
        let body = body.to_string();
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.lines();
    let mut first = lines.next().unwrap().split(' ');
    let headers: BTreeMap<String, String> = lines
        .map(|line| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_lowercase(), value.trim().to_owned())
        })
        .collect();
    let length = headers.get("content-length");
    let length: usize = length.map_or(0, |length| length.parse().unwrap());
    while bytes.len() < end + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    Some(Request {
        method: first.next().unwrap().to_owned(),
        path: first.next().unwrap().to_owned(),
        headers,
        body: bytes[end + 4..end + 4 + length].to_vec(),
    })
}

/// A clock that is set.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clock(Arc<Mutex<i64>>);

impl Clock {
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
            + SignedDuration::from_millis(*self.0.lock().unwrap())
    }

    pub(crate) fn forward(&self, seconds: i64) {
        *self.0.lock().unwrap() += seconds * 1000;
    }
}

/// A state with what sends from it. The half of the greatest wait is the one that chance gives.
pub(crate) struct Office {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) queue: Queue,
    routes: Arc<Routes>,
    client: Client,
}

impl Office {
    pub(crate) async fn new(folder: &Path, config: &Value) -> Office {
        Office::before(folder, config, "http://127.0.0.1:9").await
    }

    /// With something that answers as AWS does.
    pub(crate) async fn before(folder: &Path, config: &Value, aws: &str) -> Office {
        let location = Location::read(folder.to_str().unwrap()).unwrap();
        Office::at(&location, config, aws).await
    }

    pub(crate) async fn at(location: &Location, config: &Value, aws: &str) -> Office {
        let clock = Clock::default();
        let time = clock.clone();
        let store = Store::open(location, Arc::new(move || time.now())).await;
        let store = store.unwrap();
        let queue = Queue::open(&store).await.unwrap();
        Office {
            clock,
            queue,
            routes: Arc::new(routes(config)),
            client: client(aws),
            store,
        }
    }

    pub(crate) fn worker(&self, holder: &str) -> Deliverer {
        let environment = Arc::new(|name: &str| match name {
            "SECRET" => Some("s3cr3t-value".to_owned()),
            "WHSEC" => Some("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned()),
            name => name.strip_prefix("URL ").map(str::to_owned),
        });
        let secrets = Secrets::new(environment, self.client.clone());
        let outlet = Outlet::new(secrets, self.client.clone());
        Deliverer::new(
            self.queue.clone(),
            Arc::clone(&self.routes),
            outlet,
            holder.to_owned(),
            Arc::new(|| 0.5),
        )
    }

    /// Writes events as a change does.
    pub(crate) async fn tell(&self, events: Vec<(&str, Value)>) {
        let ids = self.store.take_ids("event", events.len()).await.unwrap();
        let mut transaction = self.store.database().begin().await.unwrap();
        let now = self.store.now();
        transaction.send(ids.start, now, events).await.unwrap();
        transaction.commit().await.unwrap();
    }

    /// Routes, and sends what is due in one round.
    pub(crate) async fn round(&self) -> posture_notify::Delivered {
        let worker = self.worker("one");
        worker.route().await.unwrap();
        worker.deliver().await.unwrap()
    }
}

fn client(url: &str) -> Client {
    use aws_types::SdkConfig;
    let keys = aws_credential_types::Credentials::new("AKIAIOSFODNN7EXAMPLE", "x", None, None, "t");
    let provider = aws_credential_types::provider::SharedCredentialsProvider::new(keys);
    let sdk = SdkConfig::builder()
        .credentials_provider(provider)
        .region(aws_types::region::Region::new("us-east-1"))
        .build();
    let mut options = Options::default();
    options.endpoint_url = Some(url.to_owned());
    Client::new(sdk, options)
}

fn routes(config: &Value) -> Routes {
    let config: EventsConfig = serde_json::from_value(config.clone()).unwrap();
    Routes::new(&config).unwrap()
}

/// A rule for everything, to targets of these kinds.
pub(crate) fn everything(targets: &[Value]) -> Value {
    let names: Vec<&Value> = targets.iter().map(|target| &target["name"]).collect();
    json!({
        "link": "https://posture.example/findings",
        "rules": [{
            "name": "all",
            "pattern": {"source": [{"exists": true}]},
            "targets": names,
        }],
        "targets": targets,
    })
}

/// An event of a finding on a resource.
pub(crate) fn finding(id: &str, resource: &str, status: &str) -> (&'static str, Value) {
    titled(id, resource, status, "S3 buckets should be encrypted")
}

pub(crate) fn titled(id: &str, resource: &str, status: &str, title: &str) -> (&'static str, Value) {
    let finding = json!({
        "SchemaVersion": "2018-10-08",
        "Id": id,
        "ProductArn": "arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default",
        "AwsAccountId": "111122223333",
        "Region": "eu-west-1",
        "Title": title,
        "Description": title,
        "Severity": {"Label": "HIGH"},
        "Compliance": {"Status": status, "SecurityControlId": "S3.4"},
        "Workflow": {"Status": if status == "PASSED" { "RESOLVED" } else { "NEW" }},
        "RecordState": "ACTIVE",
        "Resources": [{"Type": "AwsS3Bucket", "Id": resource, "Region": "eu-west-1"}],
    });
    let detail = json!({"findings": [finding]});
    ("Security Hub Findings - Imported", detail)
}
