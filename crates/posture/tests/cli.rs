//! The built binary, as its user runs it.
//!
//! Oracle for the recorded items: AWS's own, in `../shared/data/samples/config-items`.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn posture(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_posture"))
        .args(arguments)
        .env_clear()
        .output()
        .unwrap()
}

fn written(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const BUCKET: &str = r#"{"accountId":"123456789012","awsRegion":"us-east-1","resourceType":"AWS::S3::Bucket","resourceId":"ID","configurationItemStatus":"STATUS","configurationItemCaptureTime":"TIME","configuration":{},"supplementaryConfiguration":{"BucketVersioningConfiguration":{"status":"VERSIONING"}}}"#;

fn bucket(id: &str, status: &str, time: &str, versioning: &str) -> String {
    BUCKET
        .replace("ID", id)
        .replace("STATUS", status)
        .replace("TIME", time)
        .replace("VERSIONING", versioning)
}

/// The verdicts of one rule, `id: compliance`, from JSON Lines.
fn versioning_verdicts(path: &Path, as_of: &str) -> Vec<String> {
    let path = path.to_str().unwrap();
    let run = posture(&["scan", path, "--format", "jsonl", "--as-of", as_of]);
    text(&run.stdout)
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|row| row["ruleName"] == "s3-bucket-versioning-enabled")
        .map(|row| format!("{}: {}", row["resourceId"], row["complianceType"]).replace('"', ""))
        .collect()
}

#[test]
fn demo_judges_a_whole_estate_and_prints_the_same_twice() {
    let first = posture(&["demo"]);
    assert_eq!(first.status.code(), Some(0));
    assert!(text(&first.stdout).contains("s3:GetBucketVersioning was denied"));
    assert_eq!(first.stdout, posture(&["demo"]).stdout);
}

#[test]
fn the_newest_item_at_the_clock_counts_and_a_deleted_one_is_gone() {
    let lines = [
        bucket("a", "OK", "2026-01-03T00:00:00Z", "Enabled"),
        bucket("a", "OK", "2026-01-01T00:00:00Z", "Suspended"),
        bucket("b", "OK", "2026-01-01T00:00:00Z", "Enabled"),
        bucket("b", "ResourceDeleted", "2026-01-02T00:00:00Z", "Enabled"),
    ];
    let path = written("history.jsonl", &lines.join("\n"));
    assert_eq!(
        versioning_verdicts(&path, "2026-01-01"),
        ["a: NON_COMPLIANT", "b: COMPLIANT"]
    );
    assert_eq!(
        versioning_verdicts(&path, "2026-01-02"),
        ["a: NON_COMPLIANT"]
    );
    assert_eq!(versioning_verdicts(&path, "2026-01-03"), ["a: COMPLIANT"]);
}

#[test]
fn broken_input_is_named_with_its_place_and_the_rest_is_read() {
    let good = bucket("a", "OK", "2026-01-01T00:00:00Z", "Suspended");
    let broken = written("broken.json", "{\"configurationItems\": [");
    let alone = posture(&["scan", broken.to_str().unwrap()]);
    assert_eq!(alone.status.code(), Some(2));
    assert!(
        text(&alone.stderr).contains("broken.json: byte "),
        "{}",
        text(&alone.stderr)
    );
    let mixed = written("mixed.jsonl", &format!("{good}\n{{oops\n"));
    let run = posture(&[
        "scan",
        mixed.to_str().unwrap(),
        "--fail-on",
        "critical",
        "--format",
        "json",
    ]);
    assert_eq!(run.status.code(), Some(3), "{}", text(&run.stderr));
    assert!(
        text(&run.stderr).contains(&format!("byte {}", good.len() + 2)),
        "{}",
        text(&run.stderr)
    );
}

#[test]
fn an_unknown_pack_is_an_error_with_the_nearest_name() {
    let run = posture(&["scan", "x.json", "--pack", "hippa-security"]);
    assert_eq!(run.status.code(), Some(2));
    assert!(text(&run.stderr).contains("nearest: hipaa-security"));
}

#[test]
fn a_hostile_name_cannot_steer_the_terminal() {
    let path = written(
        "hostile.json",
        &bucket("a\\u001b[2J", "OK", "2026-01-01T00:00:00Z", "Off"),
    );
    let run = posture(&["scan", path.to_str().unwrap()]);
    assert_eq!(run.status.code(), Some(1));
    assert!(!text(&run.stdout).contains('\u{1b}'));
}

#[test]
fn every_recorded_sample_item_loads() {
    let samples =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/samples/config-items");
    if !samples.exists() {
        println!("SKIPPED: {} is absent", samples.display());
        return;
    }
    let run = posture(&["scan", samples.to_str().unwrap(), "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    let inputs = report["inputs"].as_array().unwrap();
    assert_eq!(inputs.len(), 95);
    for input in inputs {
        assert_eq!(input["errors"], serde_json::json!([]), "{}", input["name"]);
        let name = input["name"].as_str().unwrap();
        let is_empty = ["event-cloudsearch.json", "poll-evaluation.json"]
            .iter()
            .any(|empty| name.ends_with(empty));
        assert_eq!(input["items"] == 0, is_empty, "{name}");
    }
}
