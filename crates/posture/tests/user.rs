//! What a user does with the built binary beside scanning: packs and rules of their own,
//! exceptions, explanations, filters.
//!
//! Oracle: issue 2's words and AWS Config's documented results; each expectation is written out.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if path.exists() {
        std::fs::remove_dir_all(&path).unwrap();
    }
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn posture(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_posture"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn volume(id: &str, encrypted: bool, tags: &str) -> String {
    format!(
        r#"{{"accountId":"123456789012","awsRegion":"us-east-1","resourceType":"AWS::EC2::Volume","resourceId":"{id}","resourceName":"name-of-{id}","arn":"arn:aws:ec2:us-east-1:123456789012:volume/{id}","configurationItemStatus":"OK","configurationItemCaptureTime":"2026-01-01T00:00:00Z","tags":{tags},"configuration":{{"encrypted":{encrypted},"state":{{"value":"in-use"}},"attachments":[{{"instanceId":"i-1","state":{{"value":"attached"}}}}]}}}}"#
    )
}

const PACK: &str = "
Parameters:
  Key: {Type: String, Default: ''}
Conditions:
  hasKey: !Not [!Equals ['', !Ref Key]]
Resources:
  Encrypted:
    Type: AWS::Config::ConfigRule
    Properties:
      ConfigRuleName: encrypted
      InputParameters:
        kmsId: !If [hasKey, !Ref Key, !Ref AWS::NoValue]
      Source: {Owner: AWS, SourceIdentifier: ENCRYPTED_VOLUMES}
  Owned:
    Type: AWS::Config::ConfigRule
    Properties:
      ConfigRuleName: owned
      Scope: {ComplianceResourceTypes: [AWS::EC2::Volume]}
      Source:
        Owner: CUSTOM_POLICY
        CustomPolicyDetails:
          PolicyRuntime: guard-2.x.x
          PolicyText: 'rule owned { tags.Owner exists }'
  Ours:
    Type: AWS::Config::ConfigRule
    Properties:
      ConfigRuleName: ours
      Scope: {ComplianceResourceTypes: [AWS::EC2::Volume], TagKey: Env, TagValue: prod}
      Source: {Owner: CUSTOM_LAMBDA, SourceIdentifier: 'arn:aws:lambda:us-east-1:123456789012:function:f'}
";

/// Two volumes and a pack of three kinds of rule.
fn estate(name: &str) -> PathBuf {
    let folder = folder(name);
    let items = [
        volume("vol-1", false, r#"{"Env":"prod"}"#),
        volume("vol-2", true, r#"{"Env":"dev","Owner":"x"}"#),
    ];
    std::fs::write(folder.join("items.jsonl"), items.join("\n")).unwrap();
    std::fs::write(folder.join("pack.yaml"), PACK).unwrap();
    folder
}

fn verdicts(folder: &Path, more: &[&str]) -> Vec<String> {
    let mut arguments = vec![
        "scan",
        "items.jsonl",
        "--pack",
        "pack.yaml",
        "--format",
        "jsonl",
    ];
    arguments.extend(more);
    let run = posture(folder, &arguments);
    text(&run.stdout)
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|row| {
            let of = |name: &str| row[name].as_str().unwrap().to_owned();
            format!(
                "{} {} {} {}",
                of("resourceId"),
                of("ruleName"),
                of("complianceType"),
                of("disposition")
            )
        })
        .collect()
}

#[test]
fn a_template_of_the_users_own_runs_its_three_kinds_of_rule() {
    let folder = estate("own-pack");
    assert_eq!(
        verdicts(&folder, &[]),
        [
            "vol-1 encrypted-volumes NON_COMPLIANT counted",
            "vol-1 ours INSUFFICIENT_DATA counted",
            "vol-1 owned NON_COMPLIANT counted",
            "vol-2 encrypted-volumes COMPLIANT counted",
            "vol-2 owned COMPLIANT counted",
        ]
    );
    let with_key = verdicts(&folder, &["--param", "Key=another-key"]);
    assert!(
        with_key.contains(&"vol-2 encrypted-volumes NON_COMPLIANT counted".to_owned()),
        "{with_key:?}"
    );
    let unknown = posture(
        &folder,
        &[
            "scan",
            "items.jsonl",
            "--pack",
            "pack.yaml",
            "--param",
            "Kee=x",
        ],
    );
    assert_eq!(unknown.status.code(), Some(2));
    assert!(
        text(&unknown.stderr).contains("nearest: Key"),
        "{}",
        text(&unknown.stderr)
    );
}

#[test]
fn a_mistake_in_a_template_is_named_with_its_place() {
    let folder = estate("broken-pack");
    let broken = PACK.replace("ENCRYPTED_VOLUMES", "ENCRYPTED_VOLUME");
    std::fs::write(folder.join("pack.yaml"), broken).unwrap();
    for arguments in [
        &["packs", "validate", "pack.yaml"][..],
        &["scan", "items.jsonl", "--pack", "pack.yaml"][..],
    ] {
        let run = posture(&folder, arguments);
        assert_eq!(run.status.code(), Some(2));
        let said = text(&run.stdout) + &text(&run.stderr);
        assert!(
            said.contains("pack.yaml:13:46: AWS Config has no managed rule \"ENCRYPTED_VOLUME\"; did you mean ENCRYPTED_VOLUMES?"),
            "{said}"
        );
    }
}

#[test]
fn exceptions_leave_the_score_until_they_expire() {
    let folder = estate("exceptions");
    let config = |effect: &str, expires: &str| {
        let text = format!(
            "exceptions:\n- name: legacy\n  effect: {effect}\n  owner: a@example.com\n  reason: migration\n  expires: {expires}\n  selector:\n    rules: [encrypted-*]\n    resources: ['arn:aws:ec2:*:volume/vol-1']\n    tags:\n      all:\n      - {{key: Env, value: prod}}\n      - not: {{key: Owner}}\n"
        );
        std::fs::write(folder.join("posture.yaml"), text).unwrap();
    };
    let as_of = ["--as-of", "2026-06-30"];
    for (effect, word) in [("suppress", "suppressed"), ("accept-risk", "risk-accepted")] {
        config(effect, "2026-06-30");
        let found = verdicts(&folder, &as_of);
        assert_eq!(
            found[0],
            format!("vol-1 encrypted-volumes NON_COMPLIANT {word}")
        );
    }
    config("suppress", "2026-06-29");
    assert_eq!(
        verdicts(&folder, &as_of)[0],
        "vol-1 encrypted-volumes NON_COMPLIANT counted"
    );
    let run = posture(
        &folder,
        &[
            "scan",
            "items.jsonl",
            "--pack",
            "pack.yaml",
            "--format",
            "json",
            as_of[0],
            as_of[1],
        ],
    );
    let report: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(report["exceptions"][0]["state"], "expired");
    assert_eq!(report["exceptions"][0]["failures"], 1);
}

#[test]
fn an_unknown_key_of_the_configuration_is_an_error_with_a_suggestion() {
    let folder = estate("config");
    std::fs::write(folder.join("posture.yaml"), "packs: []\nexeptions: []\n").unwrap();
    let run = posture(&folder, &["scan", "items.jsonl"]);
    assert_eq!(run.status.code(), Some(2));
    let said = text(&run.stderr);
    assert!(
        said.contains("posture.yaml:2:1") && said.contains("did you mean `exceptions`?"),
        "{said}"
    );
}

#[test]
fn init_writes_a_file_that_works_and_never_overwrites_one() {
    let folder = estate("init");
    assert_eq!(posture(&folder, &["init"]).status.code(), Some(0));
    let scan = posture(&folder, &["scan", "items.jsonl"]);
    assert_eq!(scan.status.code(), Some(1), "{}", text(&scan.stderr));
    assert_eq!(posture(&folder, &["init"]).status.code(), Some(2));
}

#[test]
fn explain_says_where_it_looked_and_what_to_do() {
    let folder = estate("explain");
    for resource in [
        "vol-1",
        "name-of-vol-1",
        "arn:aws:ec2:us-east-1:123456789012:volume/vol-1",
    ] {
        let run = posture(
            &folder,
            &[
                "explain",
                resource,
                "encrypted-volumes",
                "--from",
                "items.jsonl",
                "--pack",
                "pack.yaml",
            ],
        );
        let said = text(&run.stdout);
        for part in [
            "NON_COMPLIANT encrypted-volumes",
            "looked at   configuration.encrypted",
            "found       false",
            "expected    true",
            "what to do",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
    let run = posture(&folder, &["explain", "vol-9", "--from", "items.jsonl"]);
    assert_eq!(run.status.code(), Some(2));
}

#[test]
fn filters_narrow_what_is_evaluated() {
    let folder = estate("filters");
    for (filter, wanted) in [
        (&["--rule", "ENCRYPTED_VOLUMES"][..], 2),
        (&["--account", "000000000000"][..], 0),
        (&["--region", "us-east-1"][..], 5),
        (&["--type", "AWS::S3::Bucket"][..], 0),
        (&["--severity", "critical"][..], 0),
    ] {
        assert_eq!(verdicts(&folder, filter).len(), wanted, "{filter:?}");
    }
    let run = posture(
        &folder,
        &["scan", "items.jsonl", "--rule", "encrypted-volume"],
    );
    assert!(text(&run.stderr).contains("nearest: encrypted-volumes"));
}

#[test]
fn the_standard_input_globs_and_compressed_files_are_read() {
    let folder = estate("inputs");
    let plain = std::fs::read(folder.join("items.jsonl")).unwrap();
    let wanted = verdicts(&folder, &[]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_posture"))
        .args(["scan", "-", "--pack", "pack.yaml", "--format", "jsonl"])
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&plain).unwrap();
    let piped = child.wait_with_output().unwrap();
    assert_eq!(text(&piped.stdout).lines().count(), wanted.len());
    let glob = posture(
        &folder,
        &[
            "scan",
            "*.jsonl",
            "--pack",
            "pack.yaml",
            "--format",
            "jsonl",
        ],
    );
    assert_eq!(glob.stdout, piped.stdout);
    let nothing = posture(&folder, &["scan", "*.nothing"]);
    assert_eq!(nothing.status.code(), Some(2));
}

#[test]
fn an_output_file_is_whole_or_not_there() {
    let folder = estate("output");
    let run = posture(
        &folder,
        &[
            "scan",
            "items.jsonl",
            "--pack",
            "pack.yaml",
            "--format",
            "csv",
            "--output",
            "out.csv",
        ],
    );
    assert_eq!(run.status.code(), Some(1), "{}", text(&run.stderr));
    assert!(run.stdout.is_empty());
    let table = std::fs::read_to_string(folder.join("out.csv")).unwrap();
    assert_eq!(table.lines().count(), 6, "{table}");
    let run = posture(
        &folder,
        &["scan", "items.jsonl", "--output", "no-such-folder/out.csv"],
    );
    assert_eq!(run.status.code(), Some(2));
}

#[test]
fn nesting_that_would_overflow_a_stack_is_an_error_at_its_place() {
    let folder = folder("deep");
    let good = volume("vol-good", true, "{}");
    let deep = "[".repeat(200_000) + &"]".repeat(200_000);
    let evil = good
        .replace("vol-good", "vol-evil")
        .replace("\"tags\"", &format!("\"relatedEvents\":{deep},\"tags\""));
    std::fs::write(folder.join("items.jsonl"), format!("{evil}\n{good}\n")).unwrap();
    std::fs::write(folder.join("pack.yaml"), PACK).unwrap();
    let run = posture(
        &folder,
        &[
            "scan",
            "items.jsonl",
            "--pack",
            "pack.yaml",
            "--rule",
            "encrypted-volumes",
            "--format",
            "json",
        ],
    );
    let json: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(json["inputs"][0]["items"], 1);
    let error = json["inputs"][0]["errors"][0]["message"].as_str().unwrap();
    assert!(error.contains("128 levels"), "{error}");
    assert_eq!(run.status.code(), Some(3));
}
