//! A hub on each database, and findings for it.

#![expect(clippy::unwrap_used, reason = "a test")]
#![allow(dead_code, reason = "each test needs a part of it")]

use posture_hub::{Finding, Hub, Imported, Object, Origin, Shown, WriteOptions};
use serde_json::{Value, json};

use crate::support::{Place, TestClock, open};

pub(crate) const EVENTS: WriteOptions = WriteOptions { has_events: true };

pub(crate) async fn hub(place: &Place, clock: &TestClock) -> Hub {
    Hub::open(&open(place, clock).await).await.unwrap()
}

/// A finding of a check, changed by `with`.
pub(crate) fn asff(id: &str, seconds: i64, status: &str, with: &Value) -> Object {
    let time = crate::support::at(seconds).to_string();
    let mut asff = json!({
        "SchemaVersion": "2018-10-08",
        "Id": id,
        "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/securityhub",
        "GeneratorId": "security-control/S3.1",
        "AwsAccountId": "123456789012",
        "Region": "eu-west-1",
        "CreatedAt": "1970-01-01T00:00:00Z",
        "UpdatedAt": time,
        "Title": "a title",
        "Description": "words",
        "Severity": {"Label": "MEDIUM"},
        "Resources": [{"Type": "AwsS3Bucket", "Id": format!("arn:aws:s3:::{id}")}],
        "Compliance": {"Status": status},
    });
    let members = asff.as_object_mut().unwrap();
    for (name, value) in with.as_object().into_iter().flatten() {
        members.insert(name.clone(), value.clone());
    }
    members.clone()
}

pub(crate) async fn import(hub: &Hub, findings: Vec<Object>) -> Imported {
    import_as(hub, findings, Origin::Provider).await
}

pub(crate) async fn import_as(hub: &Hub, findings: Vec<Object>, origin: Origin) -> Imported {
    let prepared = findings
        .into_iter()
        .map(|asff| hub.prepare(Finding::new(asff, origin)).unwrap())
        .collect();
    hub.write(prepared, EVENTS).await.unwrap()
}

pub(crate) async fn one(hub: &Hub, id: &str) -> Shown {
    let mut found = hub.named(id).await.unwrap();
    assert_eq!(found.len(), 1, "{id}");
    found.remove(0)
}

pub(crate) async fn workflow(hub: &Hub, id: &str) -> String {
    one(hub, id).await.text(&["Workflow", "Status"]).to_owned()
}
