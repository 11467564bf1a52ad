//! `posture watch`: findings that its queue brings.
//!
//! Oracle: moto's S3 and SQS, as boto3 sees them; events of AWS's user guide in ../shared/data; what comes to a webhook.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "command/aws.rs"]
mod aws;
#[path = "watch/eventually.rs"]
mod eventually;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;
#[path = "notify/shared.rs"]
mod shared;
#[path = "watch/shared.rs"]
mod watch;

use std::path::Path;

use eventually::eventually;
use moto::Moto;
use serde_json::{Value, json};
use shared::{Running, User, listener};
use watch::{PACK, python};

const HOOK: &str = "
events:
  rules:
    - {name: all, pattern: {source: [aws.securityhub]}, targets: [hook]}
  targets:
    - {name: hook, type: webhook, url: HOOK, secret: {env: HOOK_SECRET}}
";

/// A finding in ASFF.
fn asff(id: &str, product_arn: &str, status: &str) -> Value {
    json!({
        "SchemaVersion": "2018-10-08", "Id": id, "ProductArn": product_arn,
        "GeneratorId": "security-control/S3.1", "AwsAccountId": "123456789012", "Region": "us-east-1",
        "CreatedAt": "2026-01-01T00:00:00Z", "UpdatedAt": "2036-01-01T00:00:00Z",
        "Title": format!("of {id}"), "Description": "words", "Severity": {"Label": "HIGH"},
        "Resources": [{"Type": "AwsS3Bucket", "Id": "arn:aws:s3:::watched"}],
        "Compliance": {"Status": status},
        "RecordState": if status == "PASSED" { "ARCHIVED" } else { "ACTIVE" },
        "Workflow": {"Status": if status == "PASSED" { "SUPPRESSED" } else { "NEW" }},
    })
}

/// As EventBridge sends what Security Hub has imported.
fn imported(account: &str, findings: &[Value]) -> Value {
    json!({"version": "0", "id": "1", "detail-type": "Security Hub Findings - Imported",
        "source": "aws.securityhub", "account": account, "time": "2026-01-01T00:00:00Z",
        "region": "us-east-1", "resources": [], "detail": {"findings": findings}})
}

fn send(moto: &Moto, queue: &str, events: &[Value]) {
    for event in events {
        let body = event.to_string();
        let line = format!("sqs.send_message(QueueUrl={queue:?}, MessageBody={body:?})");
        python(moto, &line);
    }
}

/// Every finding, by its id.
fn found(user: &User) -> Vec<Value> {
    let (listed, code) = user.says(&["findings", "export", "--format", "asff"]);
    assert_eq!(code, Some(0), "{listed}");
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let list = listed.get("Findings").unwrap_or(&listed);
    list.as_array().unwrap().clone()
}

fn standing(finding: &Value) -> [&str; 3] {
    ["/Compliance/Status", "/RecordState", "/Workflow/Status"].map(|place| {
        finding
            .pointer(place)
            .and_then(Value::as_str)
            .unwrap_or_default()
    })
}

const PRODUCT: &str = "arn:aws:securityhub:us-east-1::product/aws/securityhub";

#[test]
fn findings_of_the_queue_are_kept_scored_and_told_and_only_those_of_recorded_accounts() {
    let Some(moto) = Moto::start() else { return };
    let (hook, messages) = listener();
    let user = User {
        url: moto.address(),
        folder: tempfile::tempdir().unwrap(),
        slack: hook.clone(),
    };
    user.configured(&HOOK.replace("url: HOOK", &format!("url: {hook}/hook")));
    let queues = python(
        &moto,
        "s3.create_bucket(Bucket='watched')\n\
         dead = sqs.create_queue(QueueName='dead')['QueueUrl']\n\
         arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=['QueueArn'])['Attributes']['QueueArn']\n\
         policy = json.dumps({'deadLetterTargetArn': arn, 'maxReceiveCount': 1})\n\
         made = sqs.create_queue(QueueName='events', Attributes={'RedrivePolicy': policy, 'VisibilityTimeout': '1'})\n\
         print(made['QueueUrl'], dead)",
    );
    let (queue, dead) = queues.split_once(' ').unwrap();
    let state = ["--region", "us-east-1", PACK];
    let (said, code) = user.says(&[&["watch", "--once"], &state[..]].concat());
    assert_eq!(code, Some(0), "{said}");
    let ours = found(&user);
    assert_eq!(ours.len(), 1, "{ours:?}");
    assert_eq!(standing(&ours[0]), ["FAILED", "ACTIVE", "NEW"]);

    let log = user.folder.path().join("stderr");
    let watching = ["watch", "--schedule", "0 0 1 1 *", "--queue", queue];
    let watching = user
        .command(&[&watching, &state[..]].concat())
        .stderr(std::fs::File::create(&log).unwrap())
        .spawn();
    let _watching = Running(watching.unwrap());

    let member = |name: &str| ours[0][name].as_str().unwrap().to_owned();
    let forged = asff(&member("Id"), &member("ProductArn"), "PASSED");
    let guard_duty = json!({"version": "0", "id": "2", "detail-type": "GuardDuty Finding",
        "source": "aws.guardduty", "account": "123456789012", "detail": {"severity": "none"}});
    let inner = imported("123456789012", &[asff("enveloped", PRODUCT, "FAILED")]).to_string();
    let events = [
        imported("123456789012", &[forged]),
        imported("999999999999", &[asff("foreign", PRODUCT, "FAILED")]),
        guard_duty,
        json!({"Type": "Notification", "Message": inner}),
        imported("123456789012", &[asff("bare", PRODUCT, "FAILED")]),
    ];
    send(&moto, queue, &events);
    let mut told = Vec::new();
    eventually("both findings are told", || {
        told.extend(messages.try_iter().map(|message| message.to_string()));
        let is_told = |id: &str| told.iter().any(|text| text.contains(&format!("of {id}\"")));
        is_told("bare") && is_told("enveloped")
    });
    eventually("what is not believed is in the dead letters", || {
        let line = format!(
            "sqs.receive_message(QueueUrl={queue:?})\n\
             print(sqs.get_queue_attributes(QueueUrl={dead:?}, AttributeNames=['All'])['Attributes']['ApproximateNumberOfMessages'])"
        );
        python(&moto, &line) == "2"
    });
    let said = std::fs::read_to_string(&log).unwrap();
    for reason in [
        "is left in the queue: findings are believed only of accounts that are recorded, and \"999999999999\" is none",
        "is left in the queue: an event \"GuardDuty Finding\", which holds no finding",
    ] {
        assert!(said.contains(reason), "{said}");
    }

    let all = found(&user);
    let of = |id: &str| all.iter().find(|finding| finding["Id"] == id);
    assert_eq!(all.len(), 3, "{all:?}");
    assert!(of("foreign").is_none());
    for id in ["bare", "enveloped"] {
        assert_eq!(standing(of(id).unwrap()), ["FAILED", "ACTIVE", "NEW"]);
    }
    // What Posture's own evaluation judged, no message closes.
    assert_eq!(standing(of(&member("Id")).unwrap()), standing(&ours[0]));
    assert!(
        !told.iter().any(|text| text.contains("SUPPRESSED")),
        "{told:?}"
    );
    // Scores follow by themselves.
    eventually("the control fails", || {
        let (status, _) = user.says(&["status", "fsbp", "--history", "--format", "json"]);
        status.contains("\"failed\": 1")
    });
}

#[test]
fn what_services_send_is_kept() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/samples");
    let file = data.join("docs-json/iam/access-analyzer-eventbridge.json");
    let Ok(samples) = std::fs::read(&file) else {
        let mut stderr = std::io::stderr();
        std::io::Write::write_all(&mut stderr, b"SKIPPED: ../shared/data is not there\n").unwrap();
        return;
    };
    let Some(moto) = Moto::start() else { return };
    let user = User {
        url: moto.address(),
        folder: tempfile::tempdir().unwrap(),
        slack: String::new(),
    };
    let queue = python(
        &moto,
        "print(sqs.create_queue(QueueName='events')['QueueUrl'])",
    );
    let samples: Vec<Value> = serde_json::from_slice(&samples).unwrap();
    let analyzer = samples.first().unwrap();
    let duty = std::fs::read(data.join("events/c7n-cloudwatch-events/ec2-duty-event.json"));
    let duty: Value = serde_json::from_slice(&duty.unwrap()).unwrap();
    let compliance = json!({"version": "0", "id": "3", "detail-type": "Config Rules Compliance Change",
        "source": "aws.config", "account": "123456789012", "time": "2026-01-01T00:00:00Z",
        "region": "us-east-1", "resources": [], "detail": {
            "resourceId": "b", "resourceType": "AWS::S3::Bucket", "awsRegion": "us-east-1",
            "awsAccountId": "123456789012", "configRuleName": "s3-bucket-versioning-enabled",
            "configRuleARN": "arn:aws:config:us-east-1:123456789012:config-rule/config-rule-abc",
            "messageType": "ComplianceChangeNotification", "recordVersion": "1.0",
            "newEvaluationResult": {
                "evaluationResultIdentifier": {
                    "evaluationResultQualifier": {"configRuleName": "s3-bucket-versioning-enabled",
                        "resourceType": "AWS::S3::Bucket", "resourceId": "b"},
                    "orderingTimestamp": "2026-01-01T00:00:00Z"},
                "complianceType": "NON_COMPLIANT", "resultRecordedTime": "2026-01-01T00:00:00Z",
                "configRuleInvokedTime": "2026-01-01T00:00:00Z"}}});
    let mut events = [analyzer.clone(), duty, compliance];
    for event in &mut events {
        event["account"] = json!("123456789012");
    }
    send(&moto, &queue, &events);
    let arguments = [
        "watch",
        "--once",
        "--region",
        "us-east-1",
        PACK,
        "--queue",
        &queue,
    ];
    let (said, code) = user.says(&arguments);
    assert_eq!(code, Some(0), "{said}");
    let mut products: Vec<String> = found(&user)
        .iter()
        .map(|finding| finding["ProductArn"].as_str().unwrap().to_owned())
        .map(|arn| arn.rsplit('/').next().unwrap().to_owned())
        .collect();
    products.sort();
    assert_eq!(products, ["access-analyzer", "config", "guardduty"]);
}
