//! History through the built binary.
//!
//! Oracle for the recorded items: AWS's own, in `../shared/data/samples/config-items`; for what a
//! rule says of them: the same binary on the files themselves.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

fn posture(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_posture"))
        .args(arguments)
        .env_clear()
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A folder of its own for a test, empty.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if path.exists() {
        std::fs::remove_dir_all(&path).unwrap();
    }
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn samples() -> Option<PathBuf> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/samples/config-items");
    if !path.exists() {
        let mut stderr = std::io::stderr();
        writeln!(stderr, "SKIPPED: {} is absent", path.display()).unwrap();
        return None;
    }
    Some(path)
}

const BUCKET: &str = r#"{"accountId":"123456789012","awsRegion":"us-east-1","resourceType":"AWS::S3::Bucket","resourceId":"ID","arn":"arn:aws:s3:::ID","configurationItemStatus":"OK","configurationItemCaptureTime":"TIME","tags":{"Team":"=cmd()"},"configuration":{},"supplementaryConfiguration":{"BucketVersioningConfiguration":{"status":"VERSIONING"}}}"#;

fn bucket(id: &str, time: &str, versioning: &str) -> String {
    BUCKET
        .replace("ID", id)
        .replace("TIME", time)
        .replace("VERSIONING", versioning)
}

/// The newest verdict of each pair, without what names the input: `id rule: verdict`, sorted.
fn verdicts(arguments: &[&str]) -> Vec<String> {
    let run = posture(&[arguments, &["--format", "jsonl"]].concat());
    let mut lines: Vec<String> = text(&run.stdout)
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|row| {
            format!(
                "{} {} {} {}: {} {}",
                row["accountId"],
                row["resourceType"],
                row["resourceId"],
                row["ruleName"],
                row["complianceType"],
                row["evaluationId"]
            )
        })
        .collect();
    lines.sort();
    lines
}

#[test]
fn the_samples_give_the_same_verdicts_from_the_store_as_from_their_files() {
    let Some(samples) = samples() else { return };
    let state = folder("samples-state");
    let (samples, state) = (samples.to_str().unwrap(), state.to_str().unwrap());
    let first = posture(&["record", samples, "--state", state]);
    let said = text(&first.stdout);
    assert!(
        said.contains(" items read, "),
        "{said}{}",
        text(&first.stderr)
    );
    let again = text(&posture(&["record", samples, "--state", state]).stdout);
    assert!(again.ends_with(" items read, 0 new versions\n"), "{again}");
    // One sample has no time that can be read: it is so from the moment it was recorded.
    let clock = ["--as-of", "2100-01-01"];
    let from_files = verdicts(&[&["scan", samples][..], &clock].concat());
    let from_state = verdicts(&[&["scan", "--state", state][..], &clock].concat());
    assert!(from_files.len() > 100);
    assert_eq!(from_state, from_files);
    // Byte by byte, whenever it is asked.
    let whole = || posture(&[&["scan", "--state", state, "--format", "json"][..], &clock].concat());
    assert_eq!(text(&whole().stdout), text(&whole().stdout));
}

#[test]
fn of_a_damaged_state_nothing_is_evaluated() {
    let state = folder("damaged-state");
    let file = state.join("items.jsonl");
    let items = ["a", "b"].map(|id| bucket(id, "2026-01-01T00:00:00Z", "Off"));
    std::fs::write(&file, items.join("\n")).unwrap();
    let path = state.to_str().unwrap();
    posture(&["record", file.to_str().unwrap(), "--state", path]);
    let scan = ["scan", "--state", path, "--as-of", "2026-02-01"];
    assert_ne!(posture(&scan).status.code(), Some(2));
    // Where the compressed text of one begins.
    let database = state.join("state.db");
    let mut bytes = std::fs::read(&database).unwrap();
    let frame = [0x28, 0xb5, 0x2f, 0xfd];
    let at = bytes.windows(4).position(|four| four == frame).unwrap();
    bytes[at..at + 4].fill(0);
    std::fs::write(&database, bytes).unwrap();
    for scan in [&scan[..], &["scan", "--state", path]] {
        let run = posture(scan);
        let said = text(&run.stderr);
        assert!(said.contains("the database is damaged"), "{said}");
        assert_eq!(
            (run.status.code(), text(&run.stdout)),
            (Some(2), String::new())
        );
    }
}

#[test]
fn a_timeline_and_an_inventory_show_the_past_and_are_safe_to_open() {
    let state = folder("timeline-state");
    let file = state.join("items.jsonl");
    let items = [
        bucket("a", "2026-01-01T00:00:00Z", "Off"),
        bucket("a", "2026-01-03T00:00:00Z", "Enabled"),
        bucket("b\\u001b[2J", "2026-01-02T00:00:00Z", "Off"),
    ];
    std::fs::write(&file, items.join("\n")).unwrap();
    let state = state.to_str().unwrap();
    let recorded = posture(&["record", file.to_str().unwrap(), "--state", state]);
    assert_eq!(text(&recorded.stdout), "3 items read, 3 new versions\n");

    let shown = text(&posture(&["timeline", "arn:aws:s3:::a", "--state", state]).stdout);
    assert!(
        shown.contains(
            "2026-01-03T00:00:00Z  changed\n    supplementaryConfiguration.\
             BucketVersioningConfiguration.status: \"Off\" > \"Enabled\"\n"
        ),
        "{shown}"
    );
    let json = posture(&["timeline", "a", "--state", state, "--format", "json"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["schema"], "posture.timeline/v1");
    assert_eq!(json["entries"][1]["event"], "changed");
    let missing = posture(&["timeline", "nobody", "--state", state]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("\"nobody\""));

    let path = "supplementaryConfiguration.BucketVersioningConfiguration.status";
    let inventory = |arguments: &[&str]| {
        let all = [&["inventory", "--state", state][..], arguments].concat();
        text(&posture(&all).stdout)
    };
    let counted = inventory(&["--count-by", &format!("path:{path}")]);
    assert_eq!(
        counted,
        "       1  Enabled\n       1  Off\n       2  in all\n"
    );
    let then = inventory(&["--as-of", "2026-01-02", "--path", &format!("{path}=Off")]);
    assert!(then.ends_with("2 resources\n"), "{then}");
    assert!(!then.contains('\u{1b}'));
    let csv = inventory(&["--tag", "Team", "--format", "csv"]);
    assert!(csv.contains("Team==cmd()"), "{csv}");
    assert_eq!(csv.lines().count(), 3);
    let hostile = inventory(&["--count-by", "tag:Team", "--format", "csv"]);
    assert!(hostile.contains("\r\n'=cmd(),2\r\n"), "{hostile}");
}

#[test]
fn a_scan_of_the_state_keeps_what_changed_of_the_verdicts() {
    let state = folder("verdict-state");
    let file = state.join("items.jsonl");
    let state = state.to_str().unwrap();
    for (time, versioning) in [
        ("2026-01-01T00:00:00Z", "Off"),
        ("2026-01-03T00:00:00Z", "Enabled"),
    ] {
        std::fs::write(&file, bucket("a", time, versioning)).unwrap();
        posture(&["record", file.to_str().unwrap(), "--state", state]);
        let scan = posture(&["scan", "--state", state]);
        assert_eq!(scan.status.code(), Some(1), "{}", text(&scan.stderr));
        posture(&["scan", "--state", state]);
    }
    let json = posture(&["timeline", "a", "--state", state, "--format", "json"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    let changes: Vec<String> = json["entries"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["ruleName"] == "s3-bucket-versioning-enabled")
        .map(|entry| format!("{} > {}", entry["before"], entry["complianceType"]))
        .collect();
    assert_eq!(
        changes,
        [
            "null > \"NON_COMPLIANT\"",
            "\"NON_COMPLIANT\" > \"COMPLIANT\""
        ]
    );
}

/// Canaries in every place that is redacted, and one in a name that is a secret's.
#[test]
fn no_secret_reaches_the_state() {
    let state = folder("secret-state");
    let file = state.join("items.jsonl");
    let item = |kind: &str, configuration: &str| {
        format!(
            r#"{{"accountId":"123456789012","awsRegion":"us-east-1","resourceType":"{kind}","resourceId":"x","configurationItemStatus":"OK","configurationItemCaptureTime":"2026-01-01T00:00:00Z","configuration":{configuration}}}"#
        )
    };
    let items = [
        item(
            "AWS::Lambda::Function",
            r#"{"environment":{"variables":{"KEY":"CANARY"}}}"#,
        ),
        item("AWS::EC2::Instance", r#"{"userData":"CANARY"}"#),
        item(
            "AWS::EC2::LaunchTemplate",
            r#"{"LaunchTemplateData":{"UserData":"CANARY"}}"#,
        ),
        item(
            "AWS::AutoScaling::LaunchConfiguration",
            r#"{"userData":"CANARY"}"#,
        ),
        item(
            "AWS::ECS::TaskDefinition",
            r#"{"ContainerDefinitions":[{"Environment":[{"Name":"KEY","Value":"CANARY"}]}]}"#,
        ),
        item(
            "AWS::CodeBuild::Project",
            r#"{"environment":{"environmentVariables":[{"name":"KEY","value":"CANARY"}]}}"#,
        ),
        item(
            "AWS::CloudFormation::Stack",
            r#"{"parameters":[{"parameterKey":"KEY","parameterValue":"CANARY"}]}"#,
        ),
        item(
            "AWS::Batch::JobDefinition",
            r#"{"ContainerProperties":{"Environment":[{"Name":"KEY","Value":"CANARY"}]}}"#,
        ),
        item("AWS::SSM::Parameter", r#"{"Value":"CANARY"}"#),
        item("AWS::RDS::DBInstance", r#"{"masterUserPassword":"CANARY"}"#),
    ];
    let count = items.len();
    std::fs::write(&file, items.join("\n")).unwrap();
    let place = state.to_str().unwrap();
    let recorded = posture(&["record", file.to_str().unwrap(), "--state", place]);
    assert!(text(&recorded.stdout).starts_with(&format!("{count} items")));
    posture(&["scan", "--state", place]);
    let keys = posture(&["inventory", "--state", place, "--format", "json"]);
    assert!(text(&keys.stdout).contains("AWS::Lambda::Function"));
    // Items are compressed at rest, so they are searched where they are read.
    let found = posture(&[
        "inventory",
        "--state",
        place,
        "--count-by",
        "path:configuration",
    ]);
    assert!(
        text(&found.stdout).contains("***"),
        "{}",
        text(&found.stdout)
    );
    assert!(text(&found.stdout).contains("KEY"));
    assert!(!text(&found.stdout).contains("CANARY"));
    std::fs::remove_file(&file).unwrap();
    for entry in std::fs::read_dir(&state).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(6).any(|window| window == b"CANARY"));
    }
}

#[test]
fn a_recording_that_is_killed_leaves_a_state_that_goes_on() {
    let state = folder("killed-state");
    let file = state.join("items.jsonl");
    let items: Vec<String> = (0..20_000)
        .map(|number| bucket(&format!("b{number:05}"), "2026-01-01T00:00:00Z", "Off"))
        .collect();
    std::fs::write(&file, items.join("\n")).unwrap();
    let (file, place) = (file.to_str().unwrap(), state.to_str().unwrap());
    let mut killed_early = 0;
    for milliseconds in [60, 120, 180, 240, 300, 400] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_posture"))
            .args(["record", file, "--state", place])
            .env_clear()
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        // SIGKILL: nothing of the program's own runs any more.
        child.kill().unwrap();
        killed_early += i32::from(!child.wait().unwrap().success());
        let listed = posture(&["inventory", "--state", place, "--count-by", "type"]);
        assert_eq!(listed.status.code(), Some(0), "{}", text(&listed.stderr));
    }
    assert!(killed_early > 0);
    let last = posture(&["record", file, "--state", place]);
    assert_eq!(last.status.code(), Some(0), "{}", text(&last.stderr));
    let counted = text(&posture(&["inventory", "--state", place, "--count-by", "type"]).stdout);
    assert!(
        counted.starts_with("   20000  AWS::S3::Bucket\n"),
        "{counted}"
    );
    let again = text(&posture(&["record", file, "--state", place]).stdout);
    assert_eq!(again, "20000 items read, 0 new versions\n");
}
