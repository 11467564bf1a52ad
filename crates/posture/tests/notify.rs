//! `posture events rules`, `dead-letters`, and a watch that tells. Oracle: docs/guide/notify.md.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "command/aws.rs"]
mod aws;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;
#[path = "notify/shared.rs"]
mod shared;

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use moto::Moto;
use serde_json::json;
use shared::{Running, User, listener};

const WATCH: &str = "
events:
  rules:
    - {name: all, pattern: {source: [aws.securityhub]}, targets: [chat]}
  targets:
    - {name: chat, type: slack, webhook: {env: SLACK_WEBHOOK}}
";

#[test]
fn a_watch_tells_of_a_finding_that_another_process_imported() {
    let Some(moto) = Moto::start() else { return };
    let (slack, messages) = listener();
    let user = User {
        url: moto.address(),
        folder: tempfile::tempdir().unwrap(),
        slack,
    };
    user.configured(WATCH);
    let pack = concat!(
        "--pack=",
        env!("CARGO_MANIFEST_DIR"),
        "/tests/watch/pack.yaml"
    );
    let watch = user
        .command(&["watch", "--region", "us-east-1", pack])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _watch = Running(watch);
    let finding = json!([{
        "SchemaVersion": "2018-10-08",
        "Id": "f1",
        "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/guardduty",
        "GeneratorId": "g",
        "AwsAccountId": "111122223333",
        "CreatedAt": "2026-01-01T00:00:00Z",
        "UpdatedAt": "2026-01-01T00:00:00Z",
        "Title": "Somebody <!channel> looks around",
        "Description": "words",
        "Severity": {"Label": "HIGH"},
        "Types": ["TTPs/Discovery"],
        "Resources": [{"Type": "AwsEc2Instance", "Id": "i-1"}],
    }]);
    let file = user.folder.path().join("findings.json");
    std::fs::write(&file, finding.to_string()).unwrap();
    let (said, code) = user.says(&["findings", "import", file.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{said}");
    let card = messages.recv_timeout(Duration::from_secs(30)).unwrap();
    let title = card["blocks"][0]["text"]["text"].as_str().unwrap();
    assert_eq!(title, "Somebody &lt;!channel&gt; looks around");
}

const BROKEN: &str = "
events:
  rules:
    - name: one
      pattern: {source: [{prefix: 1}]}
      targets: [nobody]
    - name: one
      pattern: {source: [posture]}
      targets: []
  targets:
    - {name: chat, type: slack, channel: C1}
";

#[test]
fn everything_that_is_wrong_with_rules_is_said_at_once() {
    let user = User {
        url: "http://127.0.0.1:9".to_owned(),
        folder: tempfile::tempdir().unwrap(),
        slack: String::new(),
    };
    user.configured(BROKEN);
    let (said, code) = user.says(&["events", "rules", "validate"]);
    assert_eq!(code, Some(2));
    for part in [
        "one has the target \"nobody\", and events.targets has chat",
        "the pattern of one, as JSON, at 4:",
        "one has no target",
        "chat: expected webhook, or token with channel",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    user.configured("events: {targets: [{name: x, type: fax}]}");
    let (said, code) = user.says(&["events", "rules", "list"]);
    assert_eq!(code, Some(2));
    assert!(
        said.contains("posture.yaml") && said.contains("fax"),
        "{said}"
    );
    user.configured("events: {targets: [{name: x, type: webhook, url: u, secret: {text: abc}}]}");
    let (said, code) = user.says(&["events", "rules", "list"]);
    assert_eq!(code, Some(2), "a secret is named, not written");
    assert!(said.contains("text"), "{said}");
    user.configured("events: {}");
    let (said, code) = user.says(&["events", "deliver"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("no rules under events"), "{said}");
    user.configured(WATCH);
    let (said, code) = user.says(&["events", "rules", "list"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("all → chat (slack)\n"), "{said}");
    assert_eq!(
        user.says(&["events", "dead-letters", "list"]),
        (String::new(), Some(0))
    );
    let (said, code) = user.says(&["events", "dead-letters", "replay", "7"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("there is no dead letter 7"), "{said}");
}

/// The configuration that the guide's page shows can be used.
#[test]
fn the_guide_s_configuration_can_be_used() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/notify.md");
    let page = std::fs::read_to_string(page).unwrap();
    let parts = page.split("```yaml\n").skip(1);
    let text: String = parts
        .map(|part| part.split("```").next().unwrap())
        .collect();
    let user = User {
        url: "http://127.0.0.1:9".to_owned(),
        folder: tempfile::tempdir().unwrap(),
        slack: String::new(),
    };
    user.configured(&text);
    let expected = "2 rules and 3 targets can be used\n".to_owned();
    assert_eq!(
        user.says(&["events", "rules", "validate"]),
        (expected, Some(0))
    );
}
