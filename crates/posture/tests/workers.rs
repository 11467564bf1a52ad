//! Several `posture watch` and `posture worker` on one state, killed at any moment.
//!
//! Oracle: moto's S3, as boto3 set it.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "command/aws.rs"]
mod aws;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;
#[path = "../../store/tests/support/postgres.rs"]
mod postgres;
#[path = "watch/shared.rs"]
mod shared;

use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use moto::Moto;
use serde_json::{Value, json};
use shared::{PACK, python};

const BUCKETS: usize = 6;
/// How often the buckets are changed, and somebody is killed.
const ROUNDS: usize = 8;

/// Ends with the test, however that ends.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

struct Scene {
    moto: Moto,
    state: String,
    queue: String,
}

impl Scene {
    fn posture(&self, arguments: &[&str]) -> Command {
        let mut command = aws::posture(&self.moto.address());
        command
            .args(arguments)
            .args(["--state", &self.state])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    fn watch(&self) -> Process {
        let mut command = self.posture(&["watch", "--region", "us-east-1", "--queue", &self.queue]);
        Process(command.arg(PACK).spawn().unwrap())
    }

    fn worker(&self) -> Process {
        let mut command = self.posture(&["worker", "--region", "us-east-1"]);
        Process(command.arg(PACK).spawn().unwrap())
    }

    fn python(&self, lines: &str) -> String {
        python(&self.moto, lines)
    }

    /// The entries of a bucket's timeline.
    fn timeline(&self, bucket: &str) -> Vec<Value> {
        let mut command = self.posture(&["timeline", bucket, "--format", "json"]);
        let run = command.stdout(Stdio::piped()).output().unwrap();
        let document = serde_json::from_slice::<Value>(&run.stdout).unwrap_or_default();
        document["entries"].as_array().cloned().unwrap_or_default()
    }

    fn verdicts(&self, bucket: &str) -> Vec<String> {
        let entries = self.timeline(bucket);
        let said = entries
            .iter()
            .filter_map(|entry| entry["complianceType"].as_str());
        said.map(str::to_owned).collect()
    }
}

fn bucket(number: usize) -> String {
    format!("bucket-{number}")
}

/// Whether a bucket is versioned after a round.
fn is_versioned(number: usize, round: usize) -> bool {
    (number * 7 + round * 3) % 5 < 2
}

#[test]
fn killed_workers_lose_nothing_and_do_nothing_twice_on_postgresql() {
    match postgres::server() {
        Ok(server) => lose_nothing_and_do_nothing_twice(server.new_database()),
        Err(why) => writeln!(std::io::stderr(), "SKIPPED: {why}").unwrap(),
    }
}

#[test]
fn killed_workers_lose_nothing_and_do_nothing_twice_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    lose_nothing_and_do_nothing_twice(state.display().to_string());
}

fn lose_nothing_and_do_nothing_twice(state: String) {
    let Some(moto) = Moto::start() else { return };
    let mut scene = Scene {
        moto,
        state,
        queue: String::new(),
    };
    scene.queue = scene.python(&format!(
        "for n in range({BUCKETS}): s3.create_bucket(Bucket=f'bucket-{{n}}')\n\
         print(sqs.create_queue(QueueName='events', Attributes={{'VisibilityTimeout': '5'}})['QueueUrl'])"
    ));
    let mut processes = [scene.watch(), scene.worker(), scene.worker()];
    for round in 0..ROUNDS {
        let mut lines = String::new();
        for number in 0..BUCKETS {
            let status = if is_versioned(number, round) {
                "Enabled"
            } else {
                "Suspended"
            };
            let event = json!({"source": "aws.s3", "detail-type": "AWS API Call via CloudTrail",
                "account": "123456789012", "region": "us-east-1", "detail": {
                "eventSource": "s3.amazonaws.com", "eventName": "PutBucketVersioning",
                "awsRegion": "us-east-1", "requestParameters": {"bucketName": bucket(number)}}});
            let line = format!(
                "s3.put_bucket_versioning(Bucket='bucket-{number}', VersioningConfiguration={{'Status': '{status}'}})\n\
                 sqs.send_message(QueueUrl={:?}, MessageBody={:?})\n",
                scene.queue,
                event.to_string()
            );
            lines.push_str(&line);
        }
        scene.python(&lines);
        // At a moment that is another one in each round, and each process in turn: kill -9.
        std::thread::sleep(Duration::from_millis(137 * (round as u64 + 1)));
        let turn = round % processes.len();
        processes[turn] = if turn == 0 {
            scene.watch()
        } else {
            scene.worker()
        };
    }

    let expected = |number| {
        if is_versioned(number, ROUNDS - 1) {
            "COMPLIANT"
        } else {
            "NON_COMPLIANT"
        }
    };
    let start = Instant::now();
    while !(0..BUCKETS).all(|number| {
        let told = scene.verdicts(&bucket(number));
        told.last().is_some_and(|last| last == expected(number))
    }) {
        let elapsed = start.elapsed();
        assert!(
            elapsed < Duration::from_mins(3),
            "not all verdicts are right"
        );
        std::thread::sleep(Duration::from_secs(1));
    }
    for number in 0..BUCKETS {
        let told = scene.verdicts(&bucket(number));
        for pair in told.windows(2) {
            assert_ne!(pair[0], pair[1], "told twice: {told:?}");
        }
        let entries = scene.timeline(&bucket(number));
        for entry in entries
            .iter()
            .filter(|entry| entry["complianceType"].is_null())
        {
            let changes = entry["changes"].as_array();
            assert_ne!(
                changes.map(Vec::len),
                Some(0),
                "a version that changes nothing: {entry}"
            );
        }
    }
}
