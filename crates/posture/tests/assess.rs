//! `posture assess`, as its user runs it, from a scan to a package.
//!
//! Oracle: `posture-verify`, which shares no code with what writes the package.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::path::Path;
use std::process::{Command, Output};

fn posture(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_posture"))
        .args(arguments)
        .args(["--state", "state"])
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap()
}

fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = posture(folder, arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

const ITEM: &str = r#"{"version":"1.3","awsAccountId":"123456789012",
"configurationItemCaptureTime":"2026-01-01T00:00:00Z","configurationItemStatus":"OK",
"resourceType":"AWS::S3::Bucket","resourceId":"=cmd|b","resourceName":"<i>b</i>",
"ARN":"arn:aws:s3:::b","awsRegion":"eu-west-1","tags":{},"relationships":[],
"configuration":{"name":"b"},"supplementaryConfiguration":{"PublicAccessBlockConfiguration":
{"blockPublicAcls":false,"ignorePublicAcls":false,"blockPublicPolicy":false,"restrictPublicBuckets":false}}}"#;

fn today() -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "the command reads the wall clock too"
    )]
    let now = jiff::Timestamp::now();
    now.strftime("%Y-%m-%d").to_string()
}

/// Makes a key, and a state in which one bucket was recorded and judged.
fn scanned(folder: &Path) {
    std::fs::create_dir(folder.join("state")).unwrap();
    let key = ["keys", "new", "evidence.example/log", "--file", "state.key"];
    let made = Command::new(env!("CARGO_BIN_EXE_posture"))
        .args(key)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap();
    assert!(made.status.success());
    std::fs::write(folder.join("items.json"), ITEM.replace('\n', "")).unwrap();
    done(folder, &["record", "items.json"]);
    let scanned = posture(folder, &["scan", "--pack", "framework:soc2"]);
    assert_eq!(scanned.status.code(), Some(1));
}

#[test]
fn a_package_of_what_was_scanned_verifies_and_a_flipped_byte_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    scanned(folder);
    let today = today();
    let new = [
        "assess",
        "new",
        "day",
        "--framework",
        "soc2",
        "--period",
        &today,
    ];
    done(
        folder,
        &[new.as_slice(), &["--owner", "Ann", "--by", "Ann"]].concat(),
    );
    std::fs::write(folder.join("policy.html"), "<script>alert(1)</script>").unwrap();
    let upload = [
        "assess",
        "upload",
        "day",
        "policy.html",
        "--control",
        "CC1.1",
        "--by",
        "Ann",
    ];
    done(
        folder,
        &[upload.as_slice(), &["--note", "<script>x"]].concat(),
    );
    done(
        folder,
        &[
            "assess",
            "review",
            "day",
            "--control",
            "CC1.1",
            "--by",
            "Bob <b>",
        ],
    );
    let status = done(folder, &["assess", "status", "day", "--format", "json"]);
    let status: serde_json::Value = serde_json::from_str(&status).unwrap();
    let control = |id: &str| {
        let all = status["controls"].as_array().unwrap().clone();
        all.into_iter().find(|one| one["control"] == id).unwrap()
    };
    assert_eq!(status["daysWithEvidence"], 1);
    assert_eq!(control("CC1.1")["status"], "REVIEWED");
    assert_eq!(control("CC1.1")["result"], "manual-given");
    assert_eq!(control("CC6.1")["result"], "failed");
    assert_eq!(control("CC1.2")["result"], "manual-needed");

    done(folder, &["assess", "export", "day", "--output", "a.zip"]);
    done(folder, &["assess", "export", "day", "--output", "b.zip"]);
    let package = std::fs::read(folder.join("a.zip")).unwrap();
    assert_eq!(package, std::fs::read(folder.join("b.zip")).unwrap());
    let verify = |file: &str| {
        let options = posture_verify::Options::default();
        posture_verify::verify(&folder.join(file), &options)
    };
    assert!(verify("a.zip").unwrap().holds());

    let text = String::from_utf8_lossy(&package);
    assert!(text.contains("'=cmd|b"), "a cell is no formula");
    assert!(text.contains("Bob &lt;b&gt;") && text.contains("&lt;script&gt;x"));
    let at = text_at(&package, b"UNDER_REVIEW");
    let mut changed = package.clone();
    changed[at] ^= 1;
    std::fs::write(folder.join("c.zip"), changed).unwrap();
    assert!(!verify("c.zip").is_ok_and(|report| report.holds()));
}

fn text_at(bytes: &[u8], text: &[u8]) -> usize {
    bytes
        .windows(text.len())
        .position(|window| window == text)
        .unwrap()
}

#[test]
fn an_upload_without_a_log_and_an_unknown_control_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::create_dir(folder.join("state")).unwrap();
    std::fs::write(folder.join("f"), "x").unwrap();
    let new = [
        "assess",
        "new",
        "q",
        "--framework",
        "soc2",
        "--period",
        "2026-Q1",
    ];
    done(
        folder,
        &[new.as_slice(), &["--owner", "Ann", "--by", "Ann"]].concat(),
    );
    let upload = posture(
        folder,
        &[
            "assess",
            "upload",
            "q",
            "f",
            "--control",
            "CC1.1",
            "--by",
            "A",
        ],
    );
    assert_eq!(upload.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&upload.stderr).contains("needs an evidence log"));
    let review = posture(
        folder,
        &["assess", "review", "q", "--control", "X", "--by", "A"],
    );
    assert!(String::from_utf8_lossy(&review.stderr).contains("no control or control set"));
    let again = posture(
        folder,
        &[new.as_slice(), &["--owner", "A", "--by", "A"]].concat(),
    );
    assert!(String::from_utf8_lossy(&again.stderr).contains("an assessment q already"));
}

#[cfg(not(feature = "pdf"))]
#[test]
fn a_build_without_pdf_says_so_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let export = ["assess", "export", "q", "--pdf", "--output", "a.zip"];
    let refused = posture(folder, &export);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("this build makes no PDF"));
    assert!(!folder.join("a.zip").exists() && !folder.join("state").exists());
}
