//! `posture findings`, `status` and `controls`, as their user runs them.
//!
//! Oracle: AWS's words for findings, controls and scores; a spreadsheet's idea of a formula.

#![expect(clippy::unwrap_used, reason = "a test")]

mod command;

use std::path::{Path, PathBuf};
use std::process::Output;

use command::posture;
use serde_json::{Value, json};

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn clean(output: Output) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = output;
    assert_eq!(status.code(), Some(0), "{}", text(&stderr));
    text(&stdout)
}

fn asff(id: &str, status: &str, title: &str) -> Value {
    json!({
        "SchemaVersion": "2018-10-08", "Id": id,
        "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/securityhub",
        "GeneratorId": "security-control/S3.1", "AwsAccountId": "123456789012", "Region": "eu-west-1",
        "CreatedAt": "2026-01-01T00:00:00Z", "UpdatedAt": "2026-01-01T00:00:00Z",
        "Title": title, "Description": "words", "Severity": {"Label": "HIGH"},
        "Resources": [{"Type": "AwsS3Bucket", "Id": format!("arn:aws:s3:::{id}")}],
        "Compliance": {"Status": status},
    })
}

const HOSTILE: &str = "=cmd()|' /C calc'!A0\u{1b}[31m\u{202e}";

#[test]
fn findings_are_imported_listed_suppressed_and_exported() {
    let folder = folder("findings");
    let file = folder.join("in.json");
    let findings = json!({"Findings": [
        asff("open", "FAILED", HOSTILE),
        asff("good", "PASSED", "all is well"),
    ]});
    std::fs::write(&file, findings.to_string()).unwrap();
    let (file, state) = (file.to_str().unwrap(), folder.to_str().unwrap());
    let import = || clean(posture(&["findings", "import", file, "--state", state]));
    assert_eq!(import(), "2 findings read: 2 new, 0 updated, 0 unchanged\n");
    assert_eq!(import(), "2 findings read: 0 new, 0 updated, 2 unchanged\n");

    let list = |more: &[&str]| {
        clean(posture(
            &[&["findings", "list", "--state", state], more].concat(),
        ))
    };
    let open = list(&[]);
    assert!(open.ends_with("1 findings\n"), "{open}");
    assert!(
        !open.contains('\u{1b}') && !open.contains('\u{202e}'),
        "{open}"
    );
    assert!(list(&["--all"]).ends_with("2 findings\n"));
    let narrowed = list(&[
        "--all",
        "--where",
        "ComplianceStatus EQUALS PASSED",
        "--format",
        "json",
    ]);
    let narrowed: Value = serde_json::from_str(&narrowed).unwrap();
    assert_eq!(narrowed["findings"][0]["finding"]["Id"], "good");
    assert_eq!(narrowed["findings"][0]["securityControlId"], "S3.1");
    let shown = clean(posture(&["findings", "show", "open", "--state", state]));
    assert!(
        shown.contains("standards     cis-v1.4.0, cis-v3.0.0, cis-v5.0.0, fsbp"),
        "{shown}"
    );

    let export = |form: &str| {
        clean(posture(&[
            "findings", "export", "--format", form, "--state", state,
        ]))
    };
    let csv = export("csv");
    assert!(csv.contains(",'=cmd()"), "{csv}");
    assert_eq!(csv.lines().count(), 3);
    let whole: Vec<Value> = serde_json::from_str(&export("asff")).unwrap();
    assert_eq!(whole.len(), 2);
    assert_eq!(whole[0]["Title"], HOSTILE);
    assert_eq!(export("ocsf").lines().count(), 2);
    assert_eq!(export("json").lines().count(), 2);

    let refused = posture(&[
        "findings", "suppress", "--reason", "r", "--as", "ana", "--state", state,
    ]);
    assert_eq!(refused.status.code(), Some(2));
    let suppress = [
        "findings",
        "suppress",
        "open",
        "--reason",
        "a test bucket",
        "--as",
        "ana",
        "--state",
        state,
    ];
    assert_eq!(clean(posture(&suppress)), "1 findings changed\n");
    assert!(list(&[]).ends_with("0 findings\n"));
    import();
    let shown = clean(posture(&["findings", "show", "open", "--state", state]));
    assert!(shown.contains("workflow      SUPPRESSED"), "{shown}");
    assert!(
        shown.contains("note          a test bucket (ana)"),
        "{shown}"
    );
}

#[test]
fn a_score_says_what_it_is_made_of() {
    let folder = folder("status");
    let file = folder.join("in.json");
    std::fs::write(&file, asff("open", "FAILED", "t").to_string()).unwrap();
    let (file, state) = (file.to_str().unwrap(), folder.to_str().unwrap());
    clean(posture(&["findings", "import", file, "--state", state]));
    let status = |more: &[&str]| -> Value {
        let arguments = [
            &["status", "cis-v5.0.0", "--format", "json", "--state", state],
            more,
        ]
        .concat();
        serde_json::from_str(&clean(posture(&arguments))).unwrap()
    };
    let first = status(&[]);
    let standard = &first["standards"][0];
    assert_eq!(standard["score"], 0);
    assert_eq!(standard["denominator"], 1);
    assert_eq!(standard["excluded"]["noData"], 39);
    assert_eq!(standard["isPartial"], true);
    assert_eq!(standard["controls"].as_array().unwrap().len(), 40);
    let levels: Vec<&Value> = first["incidents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["level"])
        .collect();
    assert_eq!(levels, ["alert", "incident"]);
    let nobody = status(&["--account", "210987654321"]);
    assert_eq!(
        nobody["standards"][0]["score"],
        Value::Null,
        "no data is no score"
    );

    let disable = [
        "controls", "disable", "S3.1", "--reason", "not ours", "--as", "ana", "--state", state,
    ];
    clean(posture(&disable));
    let off = status(&["--history"]);
    let control = off["standards"][0]["controls"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["securityControlId"] == "S3.1");
    assert_eq!(control.unwrap()["status"], "Disabled");
    assert_eq!(control.unwrap()["disabledReason"], "not ours");
    assert_eq!(off["history"].as_array().unwrap().len(), 2);
    let listed = clean(posture(&["controls", "list", "--state", state]));
    assert!(
        listed.contains("S3.1 is off in all standards since"),
        "{listed}"
    );
    let unknown = posture(&["status", "cis-v9", "--state", state]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(
        text(&unknown.stderr).contains("cis-v5.0.0"),
        "{}",
        text(&unknown.stderr)
    );
}

#[test]
fn a_scan_of_the_state_makes_findings_and_scores() {
    let folder = folder("scan-findings");
    let file = folder.join("items.jsonl");
    let (path, state) = (file.to_str().unwrap(), folder.to_str().unwrap());
    let mut scores = Vec::new();
    for (time, status) in [
        ("2026-01-01T00:00:00Z", "Off"),
        ("2026-01-02T00:00:00Z", "Enabled"),
    ] {
        let item = json!({
            "accountId": "123456789012", "awsRegion": "eu-west-1", "resourceType": "AWS::S3::Bucket",
            "resourceId": "a", "ARN": "arn:aws:s3:::a", "configurationItemStatus": "OK",
            "configurationItemCaptureTime": time, "configuration": {"name": "a"},
            "supplementaryConfiguration": {"BucketVersioningConfiguration": {"status": status}},
        });
        std::fs::write(&file, item.to_string()).unwrap();
        clean(posture(&["record", path, "--state", state]));
        posture(&[
            "scan",
            "--state",
            state,
            "--pack",
            "standard:nist-800-53-r5",
        ]);
        let list = [
            "findings",
            "list",
            "--all",
            "--control",
            "S3.14",
            "--format",
            "json",
            "--state",
            state,
        ];
        let found: Value = serde_json::from_str(&clean(posture(&list))).unwrap();
        let finding = &found["findings"][0]["finding"];
        assert_eq!(found["findings"].as_array().unwrap().len(), 1);
        assert_eq!(finding["GeneratorId"], "security-control/S3.14");
        assert_eq!(finding["Resources"][0]["Type"], "AwsS3Bucket");
        let statuses = json!([
            finding["Compliance"]["Status"],
            finding["Workflow"]["Status"]
        ]);
        scores.push(statuses);
        let requirements = finding["Compliance"]["RelatedRequirements"]
            .as_array()
            .unwrap();
        assert!(
            requirements
                .iter()
                .any(|id| id.as_str().unwrap().starts_with("NIST.800-53.r5 "))
        );
    }
    assert_eq!(
        scores,
        [json!(["FAILED", "NEW"]), json!(["PASSED", "RESOLVED"])]
    );
}

#[test]
fn what_cannot_be_read_is_said_and_nothing_else_is_lost() {
    let folder = folder("bad-findings");
    let file = folder.join("in.json");
    let good = asff("good", "FAILED", "t");
    std::fs::write(
        &file,
        format!(
            "[{good}, {{\"a\": 1}}, {{\"SchemaVersion\": \"2018-10-08\", \"ProductArn\": \"p\"}}]"
        ),
    )
    .unwrap();
    let (file, state) = (file.to_str().unwrap(), folder.to_str().unwrap());
    let run = posture(&["findings", "import", file, "--state", state]);
    assert_eq!(run.status.code(), Some(3));
    assert_eq!(
        text(&run.stdout),
        "1 findings read: 1 new, 0 updated, 0 unchanged\n"
    );
    let said = text(&run.stderr);
    assert!(
        said.contains("no finding of a known kind: an object with a"),
        "{said}"
    );
    assert!(
        said.contains("a finding lacks Id, GeneratorId, AwsAccountId, UpdatedAt, Resources"),
        "{said}"
    );
    let rules = folder.join("rules.yaml");
    std::fs::write(&rules, "- RuleName: a\n  RuleOrdr: 1\n").unwrap();
    let run = posture(&[
        "findings",
        "rules",
        "set",
        rules.to_str().unwrap(),
        "--state",
        state,
    ]);
    assert_eq!(run.status.code(), Some(2));
    assert!(
        text(&run.stderr).contains("RuleOrdr"),
        "{}",
        text(&run.stderr)
    );
}
