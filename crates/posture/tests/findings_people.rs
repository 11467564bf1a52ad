//! Owners, deadlines and explanations of findings, as their user asks for them.
//!
//! Oracle: `posture.yaml` as the guide shows it, and the sums that follow from it.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

const CONFIG: &str = "people:
  sla: {high: 3}
  owners:
    - owner: '=Ann'
      types: ['AWS::S3::Bucket']
      tags: {team: web}
  defaultOwner: Bob
  escalation:
    - {afterDays: 0, to: Lead}
    - {afterDays: 36500, to: Nobody}
";

fn run(folder: &Path, code: i32, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_posture"))
        .args(arguments)
        .args(["--state", "state"])
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    if code == 0 {
        String::from_utf8(output.stdout).unwrap()
    } else {
        said
    }
}

fn asff(id: &str, tags: &Value) -> Value {
    json!({
        "SchemaVersion": "2018-10-08", "Id": id,
        "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/securityhub",
        "GeneratorId": "security-control/S3.1", "AwsAccountId": "123456789012", "Region": "eu-west-1",
        "CreatedAt": "2026-01-01T00:00:00Z", "UpdatedAt": "2026-01-01T00:00:00Z",
        "Title": "a title", "Description": "words", "Severity": {"Label": "HIGH"},
        "Resources": [{"Type": "AwsS3Bucket", "Id": format!("arn:aws:s3:::{id}"), "Tags": tags}],
        "Compliance": {"Status": "FAILED"},
    })
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let findings = json!([
        asff("web", &json!({"team": "web"})),
        asff("data", &json!({"team": "data"}))
    ]);
    std::fs::write(folder.path().join("in.json"), findings.to_string()).unwrap();
    std::fs::write(folder.path().join("posture.yaml"), CONFIG).unwrap();
    run(folder.path(), 0, &["findings", "import", "in.json"]);
    folder
}

#[test]
fn a_finding_has_an_owner_and_a_day_until_when() {
    let folder = folder();
    let folder = folder.path();
    let list = run(folder, 0, &["findings", "list", "--format", "json"]);
    let list: Value = serde_json::from_str(&list).unwrap();
    let of = |id: &str| {
        let all = list["findings"].as_array().unwrap();
        all.iter()
            .find(|one| one["finding"]["Id"] == id)
            .unwrap()
            .clone()
    };
    assert_eq!(
        (&of("web")["owner"], &of("data")["owner"]),
        (&json!("=Ann"), &json!("Bob"))
    );
    let time = |name: &str| {
        let time: jiff::Timestamp = of("web")[name].as_str().unwrap().parse().unwrap();
        time
    };
    assert_eq!(
        time("dueAt").duration_since(time("openedAt")).as_hours(),
        72
    );
    assert_eq!(of("web")["isOverdue"], false);
    assert_eq!(of("web")["acknowledgedAt"], Value::Null);
    let csv = run(
        folder,
        0,
        &["findings", "list", "--owner", "=Ann", "--format", "csv"],
    );
    assert_eq!(csv.lines().count(), 2);
    assert!(csv.contains(",'=Ann,"), "{csv}");
    assert!(run(folder, 0, &["findings", "list", "--overdue"]).ends_with("0 findings\n"));
    assert!(run(folder, 0, &["findings", "show", "data"]).contains("owner Bob, due "));

    let sla = run(
        folder,
        0,
        &["findings", "sla", "--by", "owner", "--format", "json"],
    );
    let sla: Value = serde_json::from_str(&sla).unwrap();
    assert_eq!(sla["schema"], "posture.findings-sla/v1");
    assert_eq!(sla["groups"][0]["group"], "=Ann");
    assert_eq!(
        (&sla["groups"][1]["open"], &sla["groups"][1]["overdue"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(
        sla["groups"][0]["fix"],
        json!({"count": 0, "median": null, "p90": null})
    );
    let csv = run(
        folder,
        0,
        &["findings", "sla", "--by", "owner", "--format", "csv"],
    );
    assert!(csv.contains("\n'=Ann,1,1,0,"), "{csv}");
    assert!(run(folder, 0, &["findings", "sla"]).contains("HIGH"));
    let none = run(
        folder,
        0,
        &[
            "findings",
            "sla",
            "--since",
            "2999-01-01",
            "--format",
            "json",
        ],
    );
    assert!(none.contains("\"groups\": []"), "{none}");
    run(folder, 2, &["findings", "sla", "--since", "yesterday"]);
}

#[test]
fn a_mistake_in_people_is_told_with_its_place() {
    let folder = folder();
    std::fs::write(
        folder.path().join("posture.yaml"),
        "people: {sla: {high: 0}}",
    )
    .unwrap();
    let said = run(folder.path(), 2, &["findings", "list"]);
    assert!(said.contains("people.sla.high: it is 0"), "{said}");
    std::fs::write(folder.path().join("posture.yaml"), "people: {slas: {}}").unwrap();
    let said = run(folder.path(), 2, &["findings", "sla"]);
    assert!(said.contains("did you mean `sla`?"), "{said}");
}

#[test]
fn an_explanation_names_rules_and_people() {
    let folder = folder();
    let folder = folder.path();
    let rules = "- RuleName: sandbox
  Description: nobody works there
  RuleOrder: 1
  Criteria: {Id: [{Comparison: EQUALS, Value: web}]}
  Actions:
    - {Type: FINDING_FIELDS_UPDATE, FindingFieldsUpdate: {Severity: {Label: LOW}}}
";
    std::fs::write(folder.join("rules.yaml"), rules).unwrap();
    run(folder, 0, &["findings", "rules", "set", "rules.yaml"]);
    let explained = run(folder, 0, &["explain", "web"]);
    for expected in [
        "sandbox (order 1): nobody works there",
        "Severity is LOW, where its provider says HIGH",
        "status       NEW: nobody has looked at it yet",
        "owner =Ann, due ",
    ] {
        assert!(explained.contains(expected), "{expected}: {explained}");
    }
    let suppress = [
        "findings",
        "suppress",
        "web",
        "--as",
        "ana",
        "--reason",
        "a \u{1b}[31mtest",
    ];
    run(folder, 0, &suppress);
    let explained = run(folder, 0, &["explain", "web"]);
    assert!(
        explained.contains("SUPPRESSED: nobody is to act"),
        "{explained}"
    );
    assert!(explained.contains("ana at "), "{explained}");
    assert!(!explained.contains('\u{1b}'));
    let said = run(folder, 2, &["explain", "nothing"]);
    assert!(
        said.contains("no finding has the number or id \"nothing\""),
        "{said}"
    );
}
