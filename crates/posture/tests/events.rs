//! `posture events test`, as its user runs it. Every example of docs/guide/events.md is run.

#![expect(clippy::unwrap_used, reason = "a test")]

mod shared;

use std::path::Path;
use std::process::{Command, Output};

fn posture(arguments: &[String]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_posture"))
        .args(arguments)
        .env_clear()
        .output()
        .unwrap()
}

fn test(pattern: &str, event: &str) -> (Option<i32>, String, String) {
    let arguments = ["events", "test", "--pattern", pattern, "--event", event];
    let run = posture(&arguments.map(str::to_owned));
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (run.status.code(), text(run.stdout), text(run.stderr))
}

/// The words of a command line that quotes with ' only.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in line.split('\'').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// An example is a command, its output, `? CODE` where that is not 0, and its standard error.
#[test]
fn the_guide_examples_run() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/events.md");
    let page = std::fs::read_to_string(page).unwrap();
    let mut ran = 0;
    for example in page.split("```console\n$ ").skip(1) {
        let example = example.split("```").next().unwrap();
        let (command, expected) = example.split_once('\n').unwrap();
        let run = posture(&words(command)[1..]);
        let mut printed = String::from_utf8(run.stdout).unwrap();
        let code = run.status.code().unwrap();
        if code != 0 {
            printed.extend(["? ", &code.to_string(), "\n"]);
        }
        printed.push_str(&String::from_utf8(run.stderr).unwrap());
        assert_eq!(printed, expected, "{command}");
        ran += 1;
    }
    assert_eq!(ran, 4);
}

#[test]
fn pattern_and_event_are_read_from_files() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (pattern, event) = (folder.join("pattern.json"), folder.join("event.json"));
    std::fs::write(&pattern, "{\n  \"a\": [1]\n}\n").unwrap();
    std::fs::write(&event, "{\"a\": [1.0, 2]}\n").unwrap();
    let (pattern, event) = (pattern.to_str().unwrap(), event.to_str().unwrap());
    assert_eq!(test(pattern, event).0, Some(0));
    std::fs::write(pattern, "{\n  \"a\": [1],\n  \"b\": 2\n}\n").unwrap();
    let (code, out, error) = test(pattern, event);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert_eq!(
        error,
        format!("error: {pattern}:3:8: \"b\" must be an object or an array\n")
    );
}

#[test]
fn what_cannot_be_read_is_said() {
    let (code, _, error) = test("missing.json", "{}");
    assert_eq!(code, Some(2));
    assert!(
        error.starts_with("error: missing.json could not be read"),
        "{error}"
    );
    let (code, _, error) = test(r#"{"a": [1]}"#, "[1]");
    assert_eq!(code, Some(2));
    assert_eq!(
        error,
        "error: --event is no event: expected a JSON object, found an array\n"
    );
    let (code, _, error) = test(r#"{"a": [1]}"#, "{");
    assert_eq!(code, Some(2));
    assert!(error.starts_with("error: --event is no event: "), "{error}");
}

#[test]
fn what_an_event_holds_cannot_steer_the_terminal() {
    let (code, out, _) = test(r#"{"a": ["x"]}"#, "{\"a\": \"\\u202ered\"}");
    assert_eq!(code, Some(1));
    assert!(!out.contains('\u{202e}') && out.contains("red"), "{out:?}");
}

/// 412 of the records tell of calls that succeeded and were not of the kind that reads, as counted
/// by hand in Python.
#[test]
fn calls_of_a_trail_are_kept_once_without_what_they_were_made_with() {
    let Some(logs) = shared::folder("samples/cloudtrail/invictus") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state").display().to_string();
    let logs = logs.display().to_string();
    let ingest = |what: &str| {
        let arguments = ["events", "ingest", what, "--state", &state];
        let run = posture(&arguments.map(str::to_owned));
        let stderr = String::from_utf8(run.stderr).unwrap();
        (
            run.status.code(),
            String::from_utf8(run.stdout).unwrap(),
            stderr,
        )
    };
    let said = |new: usize| {
        format!(
            "2436 events read: {new} new calls that changed something, 0 new or updated findings\n"
        )
    };
    assert_eq!(ingest(&logs), (Some(0), said(412), String::new()));
    assert_eq!(ingest(&logs), (Some(0), said(0), String::new()));
    // A name that calls were made with.
    let written = std::fs::read(Path::new(&state).join("state.db")).unwrap();
    let has = |text: &str| {
        written
            .windows(text.len())
            .any(|bytes| bytes == text.as_bytes())
    };
    assert!(has("user/user-analyst-1"));
    assert!(!has("SecureString"));

    let broken = folder.path().join("broken.json");
    std::fs::write(&broken, r#"{"Records": [{"eventVersion": "1.08"}]}"#).unwrap();
    let (code, _, stderr) = ingest(&broken.display().to_string());
    assert_eq!(code, Some(2));
    assert!(stderr.contains("no finding of a known kind"), "{stderr}");
}
