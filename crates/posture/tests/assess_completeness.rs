//! Two counts of a population: by what was recorded, and by the calls that CloudTrail told of.
//!
//! Oracle: what was recorded and told here, counted.

#![expect(clippy::unwrap_used, reason = "a test")]

mod assessed;
#[path = "assessed/both.rs"]
mod both;

use assessed::{Scene, bucket, now, of, today};
use both::{on_postgresql, on_sqlite};
use serde_json::{Value, json};

fn named(name: &str, at: &str) -> String {
    let item = bucket(at, false).replace("\"=b\"", &format!("\"{name}\""));
    item.replace("s3:::b", &format!("s3:::{name}"))
}

fn call(event: &str, name: &str, at: &str, bucket: &str) -> Value {
    json!({
        "eventID": event, "eventName": name, "eventTime": at, "eventSource": "s3.amazonaws.com",
        "awsRegion": "eu-west-1", "recipientAccountId": "123456789012", "readOnly": false,
        "requestParameters": {"bucketName": bucket},
        "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::123456789012:user/jo"},
    })
}

#[test]
fn two_counts_are_compared_and_differences_explained() {
    on_sqlite(two_counts_are_compared_and_differences_explained_on);
}

#[test]
fn two_counts_are_compared_and_differences_explained_on_postgresql() {
    on_postgresql(two_counts_are_compared_and_differences_explained_on);
}

fn two_counts_are_compared_and_differences_explained_on(scene: &Scene) {
    let at = now().to_string();
    scene.record(&named("told", &at));
    scene.record(&named("untold", &at));
    scene.record(&named("before", "2026-01-01T00:00:00Z"));
    let deleted = named("before", &now().to_string()).replace("\"OK\"", "\"ResourceDeleted\"");
    scene.record(&deleted);
    let events = json!({"Records": [
        call("e1", "CreateBucket", &at, "told"),
        call("e2", "CreateBucket", &at, "short-lived"),
        call("e3", "DeleteBucket", &at, "before"),
        call("e4", "DeleteBucketPolicy", &at, "told"),
    ]});
    std::fs::write(scene.folder.join("events.json"), events.to_string()).unwrap();
    scene.done(&["events", "ingest", "events.json"]);
    scene.scan();
    scene.assess("day", "soc2", &today(), &[]);
    let shown = scene.json(0, &["assess", "show", "day", "--control", "CC6.1"]);
    let rule = "s3-bucket-level-public-access-prohibited";
    let counts = &of(&shown["tests"], "rule", rule)[0]["cameAndWent"][0];
    let counted =
        |which: &str| ["listed", "called", "both"].map(|name| counts[which][name].clone());
    assert_eq!(counted("came"), [2, 2, 1].map(Value::from));
    assert_eq!(counted("went"), [1, 1, 1].map(Value::from));
    let differences = counts["came"]["differences"].as_array().unwrap();
    let told: Vec<&str> = differences
        .iter()
        .map(|one| one.as_str().unwrap())
        .collect();
    assert_eq!(told.len(), 2);
    assert!(
        told[0].starts_with("arn:aws:s3:::untold came by"),
        "{told:?}"
    );
    assert!(told[1].contains("event e2"), "{told:?}");
    let package = scene.export("day", "a.zip");
    let text = String::from_utf8_lossy(&package);
    assert!(text.contains("came 2 by the listings, 2 by CloudTrail, 1 by both"));
}
