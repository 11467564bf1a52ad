//! `posture keys` and `posture evidence`, as their user runs them.
//!
//! Oracle: `posture-verify`'s golden package, which has its own (`crates/verify/tests/golden`).

#![expect(clippy::unwrap_used, reason = "a test")]

use std::path::Path;
use std::process::{Command, Output};

use jiff::Timestamp;
use posture_ledger::{Directory, KeyFile, Log, Record, RecordType};

fn posture(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_posture"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn key_is_made_once_shown_and_rotated_in_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| posture(folder.path(), arguments);
    let made = run(&["keys", "new", "evidence.example/log"]);
    assert_eq!(made.status.code(), Some(0));
    assert!(out(&made).starts_with("evidence.example/log+"));
    assert_eq!(out(&run(&["keys", "show"])), out(&made));
    let again = run(&["keys", "new", "evidence.example/log"]);
    assert_eq!(again.status.code(), Some(2));
    assert_eq!(
        err(&again),
        "error: posture.key exists; a key is never overwritten\n"
    );

    let key = KeyFile::new(folder.path().join("posture.key"))
        .load()
        .unwrap();
    let storage = Box::new(Directory::new(folder.path().join("log")));
    let log = Log::create(storage, key, Timestamp::UNIX_EPOCH).unwrap();
    let record = Record::new(RecordType::Decision, "review\u{1b}[2J");
    log.append(vec![record], Timestamp::UNIX_EPOCH).unwrap();
    let rotated = run(&["keys", "rotate", "log", "--new", "second.key"]);
    assert_eq!(rotated.status.code(), Some(0), "{}", err(&rotated));
    let refused = run(&["keys", "rotate", "log", "--new", "third.key"]);
    assert!(
        err(&refused).contains("is not signed by"),
        "{}",
        err(&refused)
    );

    let listed = out(&run(&["evidence", "log", "log"]));
    assert!(
        listed.contains(
            "       1  1970-01-01T00:00:00.000Z  decision               review\\u{1b}[2J\n"
        ),
        "{listed}"
    );
    assert!(
        listed.contains("\n3 records of evidence.example/log\nsigned by"),
        "{listed}"
    );
    let json = out(&run(&[
        "evidence", "log", "log", "--from", "2", "--format", "json",
    ]));
    let leaf: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(leaf["detail"]["key"], out(&rotated).trim_end());

    // Whoever pinned the first key follows the rotation.
    let checked = run(&["evidence", "fsck", "log", "--key", out(&made).trim_end()]);
    assert_eq!(checked.status.code(), Some(0), "{}", out(&checked));
    assert!(out(&checked).ends_with("RESULT: everything holds\n"));
}

#[cfg(unix)]
#[test]
fn key_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    posture(folder.path(), &["keys", "new", "evidence.example/log"]);
    let mode = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(folder.path().join("posture.key"), mode).unwrap();
    let shown = posture(folder.path(), &["keys", "show"]);
    assert_eq!(shown.status.code(), Some(2));
    assert_eq!(
        err(&shown),
        "error: posture.key can be read by others (mode 644); run chmod 600 on it\n"
    );
}

#[test]
fn fsck_says_what_is_wrong_and_what_remains_provable() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../verify/tests/golden");
    let checked = posture(
        &golden,
        &["evidence", "fsck", "package.zip", "--format", "json"],
    );
    assert_eq!(checked.status.code(), Some(0));
    let report: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert_eq!(report["holds"], true);

    let folder = tempfile::tempdir().unwrap();
    let key = KeyFile::new(folder.path().join("key"))
        .create("evidence.example/log")
        .unwrap();
    let storage = Box::new(Directory::new(folder.path().join("log")));
    let log = Log::create(storage, key, Timestamp::UNIX_EPOCH).unwrap();
    let records = (0..600).map(|number| Record::new(RecordType::Decision, number.to_string()));
    log.append(records.collect(), Timestamp::UNIX_EPOCH)
        .unwrap();
    std::fs::remove_file(folder.path().join("log/tile/entries/001")).unwrap();
    let checked = posture(folder.path(), &["evidence", "fsck", "log"]);
    assert_eq!(checked.status.code(), Some(1));
    let said = out(&checked);
    assert!(
        said.contains("FAILS   bundle: tile/entries/001: it is missing"),
        "{said}"
    );
    assert!(
        said.contains("These records are still proven: 0 to 255, 512 to 600"),
        "{said}"
    );
    assert_eq!(
        posture(folder.path(), &["evidence", "log", "absent"])
            .status
            .code(),
        Some(2)
    );
}
