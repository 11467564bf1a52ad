//! Events tell what to read again.
//!
//! Oracle: events as AWS sent them (`../shared/data/samples/events`, `samples/cloudtrail`), and AWS's
//! user guides for the shapes.

#![expect(clippy::print_stderr, clippy::unwrap_used, reason = "a test")]

use std::path::{Path, PathBuf};

use posture_model::ResourceType;
use posture_recorder::events::{EventError, hint};
use serde_json::{Value, json};

fn data() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if root.is_dir() {
        return Some(root);
    }
    eprintln!("skipped: {} is absent", root.display());
    None
}

fn types(event: &Value) -> Vec<&'static str> {
    let hint = hint(&event.to_string()).unwrap();
    let types = hint.into_iter().flat_map(|hint| hint.types);
    types.map(ResourceType::as_str).collect()
}

fn call(source: &str, name: &str) -> Value {
    json!({"source": "aws.x", "detail-type": "AWS API Call via CloudTrail", "account": "111122223333",
        "region": "eu-west-1", "detail": {"eventSource": format!("{source}.amazonaws.com"), "eventName": name}})
}

#[test]
fn the_samples_touch_what_they_say() {
    let Some(data) = data() else { return };
    for (name, expected) in [
        ("event-cloud-trail-create-bucket", "AWS::S3::Bucket"),
        ("event-cloud-trail-create-db", "AWS::RDS::DBInstance"),
        ("event-cloud-trail-run-instances", "AWS::EC2::Instance"),
        ("event-cloud-trail-create-volume", "AWS::EC2::Volume"),
        (
            "event-cloud-trail-update-distribution",
            "AWS::CloudFront::Distribution",
        ),
        ("event-instance-state", "AWS::EC2::Instance"),
    ] {
        let path = data.join(format!("samples/events/c7n-cloudwatch-events/{name}.json"));
        let text = std::fs::read_to_string(&path).unwrap();
        let found = hint(&text)
            .unwrap_or_else(|error| panic!("{name}: {error}"))
            .unwrap();
        let types: Vec<_> = found.types.iter().map(|of| of.as_str()).collect();
        assert!(types.contains(&expected), "{name}: {types:?}");
        assert!(!found.aws_region.is_empty(), "{name}");
    }
}

#[test]
fn no_sample_is_taken_for_broken_unless_it_is_no_event() {
    let Some(data) = data() else { return };
    let folder = data.join("samples/events/c7n-cloudwatch-events");
    let mut events = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        match hint(&text) {
            Ok(_) => events += 1,
            Err(error) => assert_eq!(error, EventError::NoEvent, "{text}"),
        }
    }
    assert!(events > 25, "{events}");
}

#[test]
fn a_call_touches_what_is_read_back_by_the_same_name() {
    assert_eq!(
        types(&call("s3", "PutBucketVersioning")),
        ["AWS::S3::Bucket"]
    );
    assert_eq!(
        types(&call("ec2", "AuthorizeSecurityGroupIngress")),
        ["AWS::EC2::SecurityGroup"]
    );
    assert_eq!(types(&call("ec2", "CreateFlowLogs")), ["AWS::EC2::FlowLog"]);
    assert!(types(&call("s3", "PutPublicAccessBlock")).contains(&"AWS::S3::Bucket"));
    assert!(types(&call("iam", "UpdateAccountPasswordPolicy")).contains(&"AWS::::Account"));
    assert!(types(&call("iam", "CreateAccessKey")).contains(&"AWS::IAM::User"));
    // Whatever it is, it may be anything of KMS.
    assert!(types(&call("kms", "SomethingNew")).contains(&"AWS::KMS::Key"));
}

#[test]
fn what_changes_nothing_touches_nothing() {
    let mut event = call("s3", "DeleteBucket");
    event["detail"]["errorCode"] = json!("AccessDenied");
    assert!(types(&event).is_empty());
    let mut event = call("s3", "PutObject");
    event["detail"]["readOnly"] = json!(true);
    assert!(types(&event).is_empty());
    assert!(types(&call("s3", "GetBucketAcl")).is_empty());
    assert!(types(&call("unheardof", "CreateThing")).is_empty());
}

#[test]
fn envelopes_are_opened_and_broken_ones_named() {
    let item = json!({"configurationItem": {"awsAccountId": "111122223333", "awsRegion": "eu-west-1",
        "resourceType": "AWS::S3::Bucket", "resourceId": "b"}});
    let sns = json!({"Type": "Notification", "Message": item.to_string()});
    let found = hint(&sns.to_string()).unwrap().unwrap();
    assert_eq!(found.account_id.as_deref(), Some("111122223333"));
    assert!(matches!(hint("{"), Err(EventError::Syntax(_))));
    assert_eq!(hint("[]"), Err(EventError::NoEvent));
}
