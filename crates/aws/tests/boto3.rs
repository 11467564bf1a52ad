//! Oracle: boto3, asked the same of one moto server. Every value of every reply must be the same.
//!
//! `tests/boto3/setup.sh` makes the Python under `target/`; where that is not possible the test is skipped, loudly.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "moto/client.rs"]
mod client;
#[path = "moto/mod.rs"]
mod moto;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use client::{client, sdk};
use moto::Moto;
use posture_aws::{AssumedRole, CallError, Client, Options, Protocol, Service};
use serde_json::{Value, json};

const REGION: &str = "eu-west-1";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/boto3")
}

async fn ours(client: &Client, row: &Value) -> Value {
    let service = row["service"].as_str().unwrap();
    let operation = row["operation"].as_str().unwrap();
    let found = if row["pages"] == true {
        match client.pages(service, operation, &row["input"]) {
            Ok(pages) => pages.merged().await,
            Err(error) => Err(error),
        }
    } else {
        client.call(service, operation, &row["input"]).await
    };
    match found {
        // Of pages, boto3 gives the results alone.
        Ok(Value::Object(mut output)) if row["pages"] == true => {
            let wanted = row["output"].as_object().cloned().unwrap_or_default();
            output.retain(|key, _| wanted.contains_key(key));
            json!({ "output": output })
        }
        Ok(output) => json!({ "output": output }),
        Err(CallError::Service { error, .. }) => {
            json!({ "error": { "code": error.code, "message": error.message } })
        }
        Err(error) => json!({ "failed": error.to_string() }),
    }
}

/// Where two values differ, each place with both.
fn differences(path: &str, theirs: &Value, ours: &Value, out: &mut Vec<String>) {
    match (theirs, ours) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: std::collections::BTreeSet<_> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let (a, b) = (a.get(key), b.get(key));
                let path = format!("{path}.{key}");
                match (a, b) {
                    (Some(a), Some(b)) => differences(&path, a, b, out),
                    (a, b) => out.push(format!("{path}: boto3 {a:?}, ours {b:?}")),
                }
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                differences(&format!("{path}[{index}]"), a, b, out);
            }
        }
        (a, b) if a == b => {}
        (a, b) => out.push(format!("{path}: boto3 {a}, ours {b}")),
    }
}

/// moto makes these anew for every reply, whoever asks.
const CHANGING: [(&str, &str); 8] = [
    ("athena", "CreationTime"),
    ("cloudtrail", "LatestDeliveryAttemptTime"),
    ("cloudtrail", "LatestDeliveryTime"),
    ("cloudtrail", "TimeLoggingStarted"),
    ("efs", "Timestamp"),
    ("iam", "GeneratedTime"),
    ("rds", "LatestRestorableTime"),
    // boto3 asks for the checksum to verify it; TLS and the signature do for us.
    ("s3", "ChecksumCRC32"),
];

fn without_what_changes(row: &Value, value: Value) -> Value {
    match value {
        Value::Object(map) => map
            .into_iter()
            .filter(|(key, _)| !CHANGING.contains(&(row["service"].as_str().unwrap(), key)))
            .map(|(key, value)| (key, without_what_changes(row, value)))
            .collect(),
        Value::Array(items) => items
            .into_iter()
            .map(|item| without_what_changes(row, item))
            .collect(),
        other => other,
    }
}

/// By the official provider, against moto's STS; the identity is the role's from then on.
async fn a_role_is_assumed(url: &str, client: &Client) {
    let sdk = sdk(REGION).into_builder().endpoint_url(url).build();
    let role = AssumedRole {
        arn: "arn:aws:iam::210987654321:role/PostureRecorder".to_owned(),
        session_name: "posture".to_owned(),
        external_id: Some("secret".to_owned()),
    };
    let assumed = Client::new(sdk, Options::default()).assuming(&role).await;
    let who = assumed
        .call("sts", "GetCallerIdentity", &json!({}))
        .await
        .unwrap();
    assert_eq!(
        who["Arn"],
        "arn:aws:sts::210987654321:assumed-role/PostureRecorder/posture"
    );
    let who = client
        .call("sts", "GetCallerIdentity", &json!({}))
        .await
        .unwrap();
    assert_eq!(who["Account"], "123456789012");
}

#[tokio::test]
async fn every_reply_is_read_as_boto3_reads_it() {
    let Some(moto) = Moto::start() else { return };
    let client = client(moto.url(), REGION);
    a_role_is_assumed(&moto.url(), &client).await;
    let mut script = moto
        .python()
        .arg(folder().join("calls.py"))
        .arg(moto.url())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: Vec<String> = BufReader::new(script.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap)
        .collect();
    assert!(script.wait().unwrap().success());
    let mut same: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for line in &lines {
        let row: Value = serde_json::from_str(line).unwrap();
        let theirs = match row.get("error") {
            Some(error) => json!({ "error": error }),
            None => json!({ "output": row["output"] }),
        };
        let theirs = without_what_changes(&row, theirs);
        let found = without_what_changes(&row, ours(&client, &row).await);
        let mut places = Vec::new();
        differences("", &theirs, &found, &mut places);
        if places.is_empty() {
            let protocol = Service::named(row["service"].as_str().unwrap())
                .unwrap()
                .protocol;
            *same.entry(format!("{protocol:?}")).or_default() += 1;
        } else {
            let shown: Vec<&String> = places.iter().take(5).collect();
            wrong.push(format!(
                "{} {} {}: {shown:#?}",
                row["service"], row["operation"], row["input"]
            ));
        }
    }
    eprintln!("{} calls the same: {same:?}", same.values().sum::<usize>());
    assert!(
        wrong.is_empty(),
        "{} of {} differ:\n{}",
        wrong.len(),
        lines.len(),
        wrong.join("\n")
    );
    for protocol in [
        Protocol::Query,
        Protocol::Ec2,
        Protocol::Json,
        Protocol::RestJson,
        Protocol::RestXml,
    ] {
        let count = same
            .get(&format!("{protocol:?}"))
            .copied()
            .unwrap_or_default();
        assert!(count >= 20, "{protocol:?}: {count}");
    }
}
