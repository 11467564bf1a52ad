//! `posture assess`, as its user runs it, from a scan to a package.
//!
//! Oracle: `posture-verify`, which shares no code with what writes the package.

#![expect(clippy::unwrap_used, reason = "a test")]

mod assessed;

use assessed::{Scene, bucket, today};

#[test]
fn a_package_of_what_was_scanned_verifies_and_a_flipped_byte_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let scene = Scene::new(folder.path());
    scene.record(&bucket("2026-01-01T00:00:00Z", false));
    scene.scan();
    scene.assess("day", "soc2", &today(), &[]);
    std::fs::write(
        folder.path().join("policy.html"),
        "<script>alert(1)</script>",
    )
    .unwrap();
    let upload = [
        "assess",
        "upload",
        "day",
        "policy.html",
        "--control",
        "CC1.1",
    ];
    scene.done(&[&upload[..], &["--note", "<script>x", "--by", "Ann"]].concat());
    let review = [
        "assess",
        "review",
        "day",
        "--control",
        "CC1.1",
        "--by",
        "Bob <b>",
    ];
    scene.done(&review);
    let status = scene.json(0, &["assess", "status", "day"]);
    let control = |id: &str| assessed::of(&status["controls"], "control", id)[0].clone();
    assert_eq!(status["daysWithEvidence"], 1);
    assert_eq!(control("CC1.1")["status"], "REVIEWED");
    assert_eq!(control("CC1.1")["result"], "manual-given");
    assert_eq!(control("CC6.1")["result"], "failed");
    assert_eq!(control("CC1.2")["result"], "manual-needed");

    let package = scene.export("day", "a.zip");
    assert_eq!(package, scene.export("day", "b.zip"));
    let text = String::from_utf8_lossy(&package);
    assert!(text.contains("'=b"), "a cell is no formula");
    assert!(text.contains("Bob &lt;b&gt;") && text.contains("&lt;script&gt;x"));
    let at = text_at(&package, b"UNDER_REVIEW");
    let mut changed = package.clone();
    changed[at] ^= 1;
    let file = folder.path().join("c.zip");
    std::fs::write(&file, changed).unwrap();
    let report = posture_verify::verify(&file, &posture_verify::Options::default());
    assert!(!report.is_ok_and(|report| report.holds()));
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
    let scene = Scene::without_log(folder.path());
    std::fs::write(folder.path().join("f"), "x").unwrap();
    scene.assess("q", "soc2", "2026-Q1", &[]);
    let upload = [
        "assess",
        "upload",
        "q",
        "f",
        "--control",
        "CC1.1",
        "--by",
        "A",
    ];
    assert!(scene.refused(&upload).contains("needs an evidence log"));
    let review = ["assess", "review", "q", "--control", "X", "--by", "A"];
    assert!(scene.refused(&review).contains("no control or control set"));
    let new = [
        "assess",
        "new",
        "q",
        "--framework",
        "soc2",
        "--period",
        "2026-Q1",
    ];
    let again = scene.refused(&[&new[..], &["--owner", "A", "--by", "A"]].concat());
    assert!(again.contains("an assessment q already"));
}

#[cfg(not(feature = "pdf"))]
#[test]
fn a_build_without_pdf_says_so_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let scene = Scene::without_log(folder.path());
    let told = scene.refused(&["assess", "export", "q", "--pdf", "--output", "a.zip"]);
    assert!(told.contains("this build makes no PDF"), "{told}");
    let state = folder.path().join("state/state.db");
    assert!(!folder.path().join("a.zip").exists() && !state.exists());
}
