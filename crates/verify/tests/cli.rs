//! The built binary, as an auditor runs it, on the golden package.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::path::Path;
use std::process::{Command, Output};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_posture-verify"))
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden"))
        .args(arguments)
        .env_clear()
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn key() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/key.txt");
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn package_of_a_pinned_key_holds_and_the_report_says_what() {
    let output = run(&["package.zip", "--key", &key(), "--pin", "pinned-checkpoint"]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    for words in [
        "Log posture.example/log: 13 records, root ",
        "  holds   every checkpoint (7) is signed by the log's key\n",
        "  holds   every record (13) is in the tree that was signed\n",
        "  holds   every scheduled run is there or its absence explained: 3 runs of 1 schedules\n",
        "  holds   every file beside the log (2) is as it was exported\n",
        " (pinned)\n",
        "  pins    1 checkpoints that were kept elsewhere\n",
        "  witness witness.example/w1 saw the first 3 records at 2026-05-28T20:28:20Z (key not given: give --witness)\n",
        "  absent  1 bodies left out of the package, 1 deleted as a record says; their hashes are proven\n",
        "\nRESULT: everything holds\n",
    ] {
        assert!(said.contains(words), "{words:?} is not in\n{said}");
    }
}

#[test]
fn without_a_key_it_says_that_none_was_pinned() {
    let output = run(&["package.zip"]);
    assert_eq!(output.status.code(), Some(0));
    let said = text(&output.stdout);
    assert!(
        said.contains("(key not pinned: anybody can make a log"),
        "{said}"
    );
    assert!(said.ends_with("(key not pinned)\n"), "{said}");
}

#[test]
fn another_log_s_key_ends_with_1() {
    let other = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    let output = run(&["package.zip", "--key", other]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    assert!(
        said.contains("  FAILS   key: checkpoint: this is not the log of the pinned key"),
        "{said}"
    );
    assert!(said.contains("  No record can be proven.\n"), "{said}");
}

#[test]
fn json_says_the_same() {
    let output = run(&["package.zip", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["version"], 1);
    assert_eq!(report["holds"], true);
    assert_eq!(report["keyPinned"], false);
    assert_eq!(report["size"], 13);
    assert_eq!(report["cosignatures"][0]["size"], 3);
    assert_eq!(report["problems"], serde_json::json!([]));
}

#[test]
fn what_cannot_be_checked_ends_with_2_and_one_line() {
    for (arguments, words) in [
        (
            &["absent.zip"][..],
            "error: absent.zip could not be read: No such file",
        ),
        (&["."], "error: . holds no log: it has no checkpoint\n"),
        (
            &["README.md"],
            "error: README.md was refused: it does not end as",
        ),
        (
            &["package.zip", "--key", "abc"],
            "error: \"abc\" is no key of a log: it has not three parts",
        ),
        (
            &["package.zip", "--pin", "absent"],
            "error: absent could not be read",
        ),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2));
        let said = text(&output.stderr);
        assert!(said.starts_with(words), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}
