//! `posture assess export --pdf`, in a build with the feature: `cargo xtask pdf`.
//!
//! Oracles: `pdftotext` and `pdftoppm` of poppler, which read what typst wrote; `posture-verify`.

#![cfg(feature = "pdf")]
#![expect(clippy::unwrap_used, reason = "a test")]

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

fn posture(folder: &Path, arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_posture"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{arguments:?}: {said}"
    );
}

const ITEM: &str = r#"{"version":"1.3","awsAccountId":"123456789012",
"configurationItemCaptureTime":"2026-01-01T00:00:00Z","configurationItemStatus":"OK",
"resourceType":"AWS::S3::Bucket","resourceId":"public-bucket","resourceName":"public-bucket",
"ARN":"arn:aws:s3:::public-bucket","awsRegion":"eu-west-1","tags":{},"relationships":[],
"configuration":{"name":"public-bucket"},"supplementaryConfiguration":{"PublicAccessBlockConfiguration":
{"blockPublicAcls":false,"ignorePublicAcls":false,"blockPublicPolicy":false,"restrictPublicBuckets":false}}}"#;

/// The standard output of one of poppler's programs; none where it is absent.
fn poppler(program: &str, arguments: &[&str]) -> Option<Vec<u8>> {
    let Ok(output) = Command::new(program).args(arguments).output() else {
        let mut stderr = std::io::stderr();
        writeln!(stderr, "SKIPPED: {program} (poppler-utils) is absent").unwrap();
        return None;
    };
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    Some(output.stdout)
}

#[test]
fn a_summary_says_what_the_pages_say_and_is_the_same_twice() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::create_dir(folder.join("state")).unwrap();
    std::fs::write(folder.join("items.json"), ITEM.replace('\n', "")).unwrap();
    posture(
        folder,
        &["keys", "new", "evidence.example/log", "--file", "state.key"],
    );
    posture(folder, &["record", "items.json", "--state", "state"]);
    posture(
        folder,
        &["scan", "--pack", "framework:soc2", "--state", "state"],
    );
    let owner = "#panic(\"x\") *Ann*";
    let new = [
        "assess",
        "new",
        "year",
        "--framework",
        "soc2",
        "--period",
        "2026",
        "--owner",
        owner,
    ];
    posture(
        folder,
        &[new.as_slice(), &["--by", "Ann", "--state", "state"]].concat(),
    );
    for file in ["a.zip", "b.zip"] {
        posture(
            folder,
            &[
                "assess", "export", "year", "--pdf", "--output", file, "--state", "state",
            ],
        );
    }
    let package = std::fs::read(folder.join("a.zip")).unwrap();
    assert!(
        package == std::fs::read(folder.join("b.zip")).unwrap(),
        "the same bytes"
    );
    let options = posture_verify::Options::default();
    let report = posture_verify::verify(&folder.join("a.zip"), &options);
    assert!(report.unwrap().holds());

    let pdf = folder.join("summary.pdf");
    std::fs::write(&pdf, summary(&folder.join("a.zip"))).unwrap();
    let pdf = pdf.to_str().unwrap();
    let Some(text) = poppler("pdftotext", &["-layout", pdf, "-"]) else {
        return;
    };
    let text = String::from_utf8(text).unwrap();
    for expected in [
        "Assessment year",
        "SOC 2",
        "2026-01-01 00:00 until 2027-01-01 00:00, UTC",
        owner,
        "Results by control set",
        "CC6.1",
        "public-bucket",
        "posture-verify PACKAGE.zip --key KEY",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let all = text
        .lines()
        .find(|line| line.trim_start().starts_with("All "));
    assert_eq!(
        all.and_then(|line| line.split_whitespace().nth(1)),
        Some("61")
    );
    let page = poppler("pdftoppm", &["-r", "40", "-png", "-f", "1", "-l", "1", pdf]).unwrap();
    assert!(page.starts_with(b"\x89PNG"), "a page is an image");
}

/// `summary.pdf` out of a package.
fn summary(package: &Path) -> Vec<u8> {
    let script = "import sys, zipfile\n\
                  package = zipfile.ZipFile(sys.argv[1])\n\
                  name = next(n for n in package.namelist() if n.endswith('summary.pdf'))\n\
                  sys.stdout.buffer.write(package.read(name))";
    let python = Command::new("python3")
        .args(["-c", script])
        .arg(package)
        .output();
    let python = python.unwrap();
    let said = String::from_utf8_lossy(&python.stderr).into_owned();
    assert!(python.status.success(), "{said}");
    python.stdout
}
