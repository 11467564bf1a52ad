//! The envelope: samples of AWS's, and everything that can be wrong with one.

#![expect(clippy::unwrap_used, reason = "a test")]

use posture_model::tree::{self, Bump};
use posture_router::Event;
use serde_json::{Value, json};

fn problems(event: &Value) -> Vec<String> {
    let text = event.to_string();
    let arena = Bump::new();
    let node = tree::parse(text.as_bytes(), &arena).unwrap();
    Event::problems(node)
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// The example of AWS's "Amazon EventBridge event patterns" page.
fn ec2() -> Value {
    json!({
        "version": "0",
        "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
        "detail-type": "EC2 Instance State-change Notification",
        "source": "aws.ec2",
        "account": "111122223333",
        "time": "2017-12-22T18:43:48Z",
        "region": "us-west-1",
        "resources": ["arn:aws:ec2:us-west-1:123456789012:instance/i-1234567890abcdef0"],
        "detail": {"instance-id": "i-1234567890abcdef0", "state": "terminated"},
    })
}

#[test]
fn an_envelope_is_read_and_written_as_it_was() {
    let text = ec2().to_string();
    let arena = Bump::new();
    let event = Event::read(tree::parse(text.as_bytes(), &arena).unwrap()).unwrap();
    assert_eq!(event.detail_type, "EC2 Instance State-change Notification");
    assert_eq!(serde_json::to_value(&event).unwrap(), ec2());
}

#[test]
fn each_field_is_checked() {
    assert_eq!(problems(&ec2()), Vec::<String>::new());
    for (field, value, expected) in [
        (
            "version",
            json!("1"),
            "version: expected \"0\", found \"1\"",
        ),
        (
            "id",
            json!(""),
            "id: expected a string that is not empty, found \"\"",
        ),
        (
            "account",
            json!(111_122_223_333_u64),
            "account: expected twelve digits, found a number",
        ),
        (
            "time",
            json!("yesterday"),
            "time: expected a time such as 2026-03-03T12:00:00Z, found \"yesterday\"",
        ),
        (
            "resources",
            json!(["a", 1]),
            "resources: expected an array of strings, found an array",
        ),
        (
            "detail",
            json!("{}"),
            "detail: expected an object, found \"{}\"",
        ),
    ] {
        let mut event = ec2();
        event[field] = value;
        assert_eq!(problems(&event), [expected]);
    }
    let all = problems(&json!({}));
    assert_eq!(all.len(), 9);
    assert_eq!(all[2], "detail-type: missing");
    assert_eq!(
        problems(&json!([])),
        ["an event is a JSON object, not an array"]
    );
}
