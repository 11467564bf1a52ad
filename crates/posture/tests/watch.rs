//! `posture watch`: everything once, and again what events tell of.
//!
//! Oracle: moto's S3 and SQS, as boto3 sees them.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "command/aws.rs"]
mod aws;
#[path = "watch/eventually.rs"]
mod eventually;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;
#[path = "watch/shared.rs"]
mod shared;

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use aws::posture;
use eventually::eventually;
use moto::Moto;
use serde_json::{Value, json};
use shared::{PACK, python};

fn verdicts(url: &str, state: &str) -> Vec<(String, String)> {
    verdicts_on("watched", url, state)
}

fn verdicts_on(bucket: &str, url: &str, state: &str) -> Vec<(String, String)> {
    let run = posture(url)
        .args(["timeline", bucket, "--state", state, "--format", "json"])
        .output()
        .unwrap();
    let Ok(document) = serde_json::from_slice::<Value>(&run.stdout) else {
        return Vec::new();
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let entries = document["entries"].as_array().unwrap();
    let found = entries
        .iter()
        .filter(|entry| !entry["complianceType"].is_null());
    found
        .map(|entry| (text(&entry["ruleName"]), text(&entry["complianceType"])))
        .collect()
}

/// Ends with the test, however that ends.
struct Watching(Child);

impl Drop for Watching {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn once(url: &str, state: &Path, more: &[&str]) -> Output {
    posture(url)
        .args(["watch", "--once", "--region", "us-east-1", PACK, "--state"])
        .arg(state)
        .args(more)
        .output()
        .unwrap()
}

#[test]
fn an_event_changes_a_verdict_and_a_signal_ends_it_in_order() {
    let Some(moto) = Moto::start() else { return };
    let url = moto.address();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let queue = python(
        &moto,
        "s3.create_bucket(Bucket='watched')\ns3.create_bucket(Bucket='quiet')\nprint(sqs.create_queue(QueueName='events')['QueueUrl'])",
    );
    let run = once(&url, &state, &[]);
    assert_eq!(
        run.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let name = state.to_str().unwrap();
    let failing = (
        "s3-bucket-versioning-enabled".to_owned(),
        "NON_COMPLIANT".to_owned(),
    );
    assert_eq!(verdicts(&url, name), std::slice::from_ref(&failing));

    // The next sweep is in the new year: what changes now is an event's work.
    let log = folder.path().join("stderr");
    let mut watching = watching(&url, name, &queue, &log);
    change_and_tell(&moto, &queue);
    let passing = (
        "s3-bucket-versioning-enabled".to_owned(),
        "COMPLIANT".to_owned(),
    );
    eventually("the bucket passes", || {
        verdicts(&url, name) == [failing.clone(), passing.clone()]
    });
    // Nobody told of the other bucket, and nobody read it.
    let of_quiet = || verdicts_on("quiet", &url, name);
    assert_eq!(of_quiet(), std::slice::from_ref(&failing));
    // An event that names nothing that is known may be about any of them.
    python(
        &moto,
        &format!(
            "sqs.send_message(QueueUrl={queue:?}, MessageBody={:?})",
            event("elsewhere", "").to_string()
        ),
    );
    eventually("the other bucket passes", || {
        of_quiet() == [failing.clone(), passing.clone()]
    });
    eventually("what is no event is told", || {
        std::fs::read_to_string(&log)
            .unwrap()
            .contains("is left in the queue: it is no JSON")
    });
    eventually("another account's event is told", || {
        let log = std::fs::read_to_string(&log).unwrap();
        log.contains("is dropped: the account 999999999999 is not recorded")
    });
    let left = python(
        &moto,
        &format!(
            "a = sqs.get_queue_attributes(QueueUrl={queue:?}, AttributeNames=['All'])['Attributes']\n\
             print(int(a['ApproximateNumberOfMessages']) + int(a['ApproximateNumberOfMessagesNotVisible']))"
        ),
    );
    assert_eq!(left, "1");

    ends_in_order(&mut watching, &log);

    let run = posture(&url)
        .args(["timeline", "watched", "--state", name])
        .output()
        .unwrap();
    let table = String::from_utf8(run.stdout).unwrap();
    let who = "by arn:aws:iam::123456789012:user/Anna (PutBucketVersioning, ";
    let (before, after) = table.split_once(who).unwrap();
    assert!(
        before.contains("discovered") && before.contains("changed"),
        "{table}"
    );
    assert!(!after.contains(" by "), "{table}");
}

/// Watches; the next sweep is in the new year.
fn watching(url: &str, state: &str, queue: &str, log: &Path) -> Watching {
    let watching = posture(url)
        .args([
            "watch",
            "--region",
            "us-east-1",
            PACK,
            "--schedule",
            "0 0 1 1 *",
        ])
        .args(["--state", state, "--queue", queue])
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(log).unwrap())
        .spawn()
        .unwrap();
    Watching(watching)
}

/// What CloudTrail tells of a change of a bucket's versioning.
fn event(bucket: &str, time: &str) -> Value {
    json!({"source": "aws.s3", "detail-type": "AWS API Call via CloudTrail", "account": "123456789012",
        "region": "us-east-1", "detail": {"eventSource": "s3.amazonaws.com", "eventName": "PutBucketVersioning",
        "awsRegion": "us-east-1", "eventID": "5a4e1c2e", "eventTime": time, "readOnly": false,
        "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::123456789012:user/Anna"},
        "requestParameters": {"bucketName": bucket}}})
}

/// Enables versioning, and sends what is no event, another account's event, and the event, twice.
fn change_and_tell(moto: &Moto, queue: &str) {
    let now = python(
        moto,
        "import datetime as d; print(d.datetime.now(d.UTC).isoformat()[:19] + 'Z')",
    );
    let event = event("watched", &now);
    let mut foreign = event.clone();
    foreign["account"] = json!("999999999999");
    python(
        moto,
        &format!(
            "for name in ['quiet', 'watched']: s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={{'Status': 'Enabled'}})\n\
             sqs.send_message(QueueUrl={queue:?}, MessageBody='no event')\n\
             sqs.send_message(QueueUrl={queue:?}, MessageBody={:?})\n\
             for _ in range(2): sqs.send_message(QueueUrl={queue:?}, MessageBody={:?})",
            foreign.to_string(),
            event.to_string()
        ),
    );
}

fn ends_in_order(watching: &mut Watching, log: &Path) {
    let ended = Command::new("kill")
        .arg(watching.0.id().to_string())
        .status()
        .unwrap();
    assert!(ended.success());
    let start = Instant::now();
    let status = watching.0.wait().unwrap();
    assert_eq!(
        status.code(),
        Some(0),
        "{}",
        std::fs::read_to_string(log).unwrap()
    );
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn once_reads_everything_each_time_and_says_what_it_could_not_read() {
    let Some(moto) = Moto::start() else { return };
    let url = moto.address();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let name = state.to_str().unwrap();
    python(&moto, "s3.create_bucket(Bucket='watched')");
    let first = once(&url, &state, &["--log-format", "json"]);
    assert_eq!(first.status.code(), Some(0));
    for line in String::from_utf8(first.stderr).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["level"], "INFO", "{line}");
    }
    python(
        &moto,
        "s3.put_bucket_versioning(Bucket='watched', VersioningConfiguration={'Status': 'Enabled'})",
    );
    let second = once(&url, &state, &["--quiet"]);
    assert_eq!(second.status.code(), Some(0));
    assert_eq!(String::from_utf8(second.stderr).unwrap(), "");
    let told: Vec<String> = verdicts(&url, name)
        .into_iter()
        .map(|(_, said)| said)
        .collect();
    assert_eq!(told, ["NON_COMPLIANT", "COMPLIANT"]);

    // Nobody answers there: that is no sweep, and the verdicts stay.
    let third = once("http://127.0.0.1:1", &state, &[]);
    assert_ne!(third.status.code(), Some(0));
    assert_eq!(verdicts(&url, name).len(), 2);
}

#[test]
fn a_schedule_that_is_none_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let run = once(
        "http://127.0.0.1:1",
        folder.path(),
        &["--schedule", "hourly!"],
    );
    assert_eq!(run.status.code(), Some(2));
    let stderr = String::from_utf8(run.stderr).unwrap();
    assert!(stderr.contains("\"hourly!\" is no schedule"), "{stderr}");
}
