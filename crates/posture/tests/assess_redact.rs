//! A package without personal data, as who exports it and who checks it have it.
//!
//! Oracles: `posture-verify`, which shares no code with what commits; `sha256sum` for a commitment; every
//! byte of the package, unpacked here.

#![expect(
    clippy::unwrap_used,
    clippy::too_many_lines,
    clippy::string_slice,
    reason = "a test"
)]

mod assessed;

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use assessed::{Scene, bucket, now, today};
use posture_ledger::{Body, Directory, KeyFile, Log, Record, RecordType};
use posture_verify::{Options, ProblemKind, Report, verify};
use serde_json::{Value, json};

const WHO: &str = "jo@example.com";
const EARLIER: &str = "old@example.com";

fn event(id: &str, at: &str) -> Value {
    json!({
        "eventVersion": "1.09", "eventID": id, "eventTime": at, "eventType": "AwsApiCall",
        "eventName": "AuthorizeSecurityGroupIngress", "eventSource": "ec2.amazonaws.com",
        "awsRegion": "eu-west-1", "recipientAccountId": "123456789012", "readOnly": false,
        "sourceIPAddress": "198.51.100.7",
        "userIdentity": {"type": "AssumedRole", "accountId": "123456789012",
            "arn": format!("arn:aws:sts::123456789012:assumed-role/Admin/{WHO}")},
        "requestParameters": {"groupId": "sg-1"}, "responseElements": null
    })
}

fn scene(folder: &Path) -> Scene {
    let scene = Scene::new(folder);
    scene.record(&bucket("2026-01-01T00:00:00Z", false));
    scene.scan();
    let at = now().to_string();
    let events = json!({"Records": [event("e1", &at), event("e2", &at)]});
    std::fs::write(folder.join("events.json"), events.to_string()).unwrap();
    scene.done(&["events", "ingest", "events.json"]);
    scene.assess("day", "soc2", &today(), &[]);
    scene
}

fn log(scene: &Scene) -> Log {
    let key = KeyFile::new(scene.folder.join("state.key")).load().unwrap();
    Log::open(
        Box::new(Directory::new(scene.folder.join("state/log"))),
        key,
    )
    .unwrap()
}

fn activity(media_type: &str, opens: Option<&str>, bytes: &[u8]) -> Record {
    let mut record = Record::new(RecordType::UserActivity, "activity-unknown-2026-01-01");
    if let Some(opens) = opens {
        record.detail.insert("opens".to_owned(), opens.into());
    }
    record.body = Some(Body::Bytes {
        media_type: media_type.to_owned(),
        bytes: bytes.to_vec(),
    });
    record
}

/// Every file of a package, bodies as their plain bytes.
fn unpacked(scene: &Scene, file: &str) -> Vec<(String, Vec<u8>)> {
    let folder = scene.folder.join(format!("{file}.d"));
    let status = Command::new("unzip")
        .args(["-q", "-d"])
        .arg(&folder)
        .arg(scene.folder.join(file))
        .status()
        .unwrap();
    assert!(status.success());
    let mut found = Vec::new();
    let mut folders = vec![folder.clone()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let mut bytes = std::fs::read(&path).unwrap();
            if path.extension().is_some_and(|end| end == "zst") {
                let mut plain = Vec::new();
                zstd::Decoder::new(bytes.as_slice())
                    .unwrap()
                    .read_to_end(&mut plain)
                    .unwrap();
                bytes = plain;
            }
            let name = path.strip_prefix(&folder).unwrap().display().to_string();
            found.push((name, bytes));
        }
    }
    found
}

fn holding<'f>(files: &'f [(String, Vec<u8>)], text: &str) -> Vec<&'f str> {
    let has = |bytes: &[u8]| {
        bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    let with = files.iter().filter(|(_, bytes)| has(bytes));
    with.map(|(name, _)| name.as_str()).collect()
}

fn judged(scene: &Scene, path: &str, openings: &[&[u8]]) -> Report {
    let options = Options {
        openings: openings.iter().map(|text| text.to_vec()).collect(),
        ..Options::default()
    };
    verify(&scene.folder.join(path), &options).unwrap()
}

fn sha256sum(text: &str) -> String {
    let mut child = Command::new("sha256sum")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .to_owned()
}

#[test]
fn who_made_calls_is_nowhere_in_a_redacted_package_that_still_proves_it() {
    let folder = tempfile::tempdir().unwrap();
    let scene = scene(folder.path());
    // As records were before there were commitments.
    let line = format!("{{\"eventId\":\"e0\",\"principal\":\"{EARLIER}\"}}\n");
    let plain = "application/vnd.posture.user-activity+jsonl";
    let record = activity(plain, None, line.as_bytes());
    log(&scene).append(vec![record], now()).unwrap();

    scene.export("day", "whole.zip");
    let whole = unpacked(&scene, "whole.zip");
    assert_eq!(holding(&whole, WHO).len(), 2, "{:?}", holding(&whole, WHO));
    assert_eq!(holding(&whole, EARLIER).len(), 1);
    let report = judged(&scene, "whole.zip", &[]);
    assert_eq!(report.commitments, (2, 2));
    assert!(!posture_verify::text(&report).contains("redacted"));

    let export = ["assess", "export", "day", "--redact", "personal-data"];
    scene.done(&[&export[..], &["--output", "less.zip"]].concat());
    let less = unpacked(&scene, "less.zip");
    assert_eq!(holding(&less, WHO), [""; 0]);
    assert_eq!(holding(&less, EARLIER), [""; 0]);
    let report = judged(&scene, "less.zip", &[]);
    assert_eq!(report.problems, []);
    assert_eq!(report.commitments, (2, 0));
    let said = posture_verify::text(&report);
    assert!(
        said.contains(
            "  redacted 2 of 2 values of personal data; a commitment to each is proven\n"
        ),
        "{said}"
    );
    let note = less
        .iter()
        .find(|(name, _)| name == "REDACTED.txt")
        .unwrap();
    let note = String::from_utf8(note.1.clone()).unwrap();
    assert!(
        note.contains("Left out: 1 bodies with what opens"),
        "{note}"
    );
    assert!(note.contains("Left out whole: 1 bodies"), "{note}");

    // A table that shows what the evidence commits to.
    let table = less
        .iter()
        .find(|(name, _)| name == "activity/CC6.6.csv")
        .unwrap();
    let table = String::from_utf8(table.1.clone()).unwrap();
    let opened = scene.done(&["evidence", "open", "e2"]);
    let opening: Value = serde_json::from_str(&opened).unwrap();
    let text = |name: &str| opening[name].as_str().unwrap().to_owned();
    assert!(
        table.contains(&format!(",commitment {},", text("commitment"))),
        "{table}"
    );
    let (salt, value) = (text("salt"), text("value"));
    let preimage = format!("posture.commitment/v1\n{salt}\nprincipal\n{value}");
    assert_eq!(sha256sum(&preimage), text("commitment"));

    // One is opened, and nobody can say another name.
    let report = judged(&scene, "less.zip", &[opened.as_bytes()]);
    assert_eq!(report.problems, []);
    assert_eq!(
        (report.opened[0].event.as_str(), &report.opened[0].value),
        ("e2", &value)
    );
    let said = posture_verify::text(&report);
    assert!(
        said.contains(&format!("  opened  principal of e2 is {value}, as record ")),
        "{said}"
    );
    for (from, to) in [
        (WHO, "al@example.com"),
        ("principal", "userName"),
        (&salt[..4], "0000"),
    ] {
        let changed = opened.replace(from, to);
        let report = judged(&scene, "less.zip", &[changed.as_bytes()]);
        assert_eq!(report.problems.len(), 1, "{changed}");
        assert_eq!(report.problems[0].kind, ProblemKind::Opening);
    }
    let other = opening_of_another_log(&folder.path().join("other"));
    let report = judged(&scene, "less.zip", &[other.as_bytes()]);
    assert!(
        report.problems[0]
            .what
            .starts_with("nothing in this log commits to principal")
    );

    let unknown = scene.refused(&["evidence", "open", "e9"]);
    assert!(
        unknown.contains("no record of the log commits to who made the call e9"),
        "{unknown}"
    );
}

fn opening_of_another_log(folder: &Path) -> String {
    std::fs::create_dir(folder).unwrap();
    scene(folder).done(&["evidence", "open", "e1"])
}

#[test]
fn openings_that_do_not_open_are_found_in_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let scene = scene(folder.path());
    let opened = scene.done(&["evidence", "open", "e1"]);
    assert!(judged(&scene, "state/log", &[]).holds());
    let committed = "application/vnd.posture.user-activity.committed+jsonl";
    let openings = "application/vnd.posture.openings+jsonl";
    let opening: Value = serde_json::from_str(&opened).unwrap();
    let line = json!({"commitments": {"principal": opening["commitment"]}, "eventId": "e1"});
    let line = format!("{line}\n");
    let hash = sha256sum(&line);
    let changed = opened.replace(WHO, "al@example.com");
    let cases: [(Vec<Record>, &str); 2] = [
        (
            vec![
                activity(committed, None, line.as_bytes()),
                activity(openings, Some(&hash), changed.as_bytes()),
            ],
            "line 1 opens no commitment of record",
        ),
        (
            vec![activity(openings, Some(&"0".repeat(64)), opened.as_bytes())],
            "it opens a body that no earlier record names",
        ),
    ];
    for (records, words) in cases {
        log(&scene).append(records, now()).unwrap();
        let report = judged(&scene, "state/log", &[]);
        assert!(
            report
                .problems
                .iter()
                .any(|problem| problem.kind == ProblemKind::Opening
                    && problem.what.starts_with(words)),
            "{:?}",
            report.problems
        );
    }
}

#[test]
fn without_an_evidence_log_nothing_can_be_redacted() {
    let folder = tempfile::tempdir().unwrap();
    let scene = Scene::without_log(folder.path());
    scene.record(&bucket("2026-01-01T00:00:00Z", false));
    scene.scan();
    scene.assess("day", "soc2", &today(), &[]);
    let export = [
        "assess",
        "export",
        "day",
        "--redact",
        "personal-data",
        "--format",
        "oscal-ar",
    ];
    let said = scene.refused(&export);
    assert!(said.contains("this needs an evidence log"), "{said}");
}
