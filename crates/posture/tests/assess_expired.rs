//! A package of an assessment whose evidence has expired in part: what it says of what is gone, and that
//! it still holds.
//!
//! Oracles: `posture-verify`, which shares no code with the writer; `sha256sum` and `unzip`.

#![expect(clippy::unwrap_used, reason = "a test")]

mod assessed;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use assessed::{Scene, bucket, now, of, today};
use jiff::SignedDuration;
use posture_ledger::{Body, Directory, Erased, KeyFile, Log, Record, RecordType};
use serde_json::Value;

const WHO: &str = "{\"who\":\"somebody who left long ago\"}";
const WHAT: &str = "{\"resourceId\":\"vol-1\"}";

fn log(scene: &Scene, is_new: bool) -> Log {
    let key = KeyFile::new(scene.folder.join("state.key")).load().unwrap();
    let storage = Box::new(Directory::new(scene.folder.join("state/log")));
    if is_new {
        Log::create(storage, key, now() - SignedDuration::from_hours(24 * 500)).unwrap()
    } else {
        Log::open(storage, key).unwrap()
    }
}

fn old(kind: RecordType, subject: &str, text: &str) -> Record {
    let mut record = Record::new(kind, subject);
    record.body = Some(Body::Bytes {
        media_type: "application/json".to_owned(),
        bytes: text.as_bytes().to_vec(),
    });
    record
}

/// A log whose first records are 500 days old, and an assessment of today.
fn scene(folder: &Path) -> Scene {
    let scene = Scene::new(folder);
    let config =
        "evidence:\n  log: state/log\n  key: state.key\n  retain: { user-activity: 400d }\n";
    std::fs::write(folder.join("posture.yaml"), config).unwrap();
    let records = vec![
        old(RecordType::UserActivity, "activity", WHO),
        old(RecordType::ConfigurationVersion, "vol-1", WHAT),
        // Of an assessment of somebody else's.
        old(
            RecordType::UserActivity,
            "assessment-99",
            "not for this auditor",
        ),
    ];
    let then = now() - SignedDuration::from_hours(24 * 500);
    log(&scene, true).append(records, then).unwrap();
    scene.record(&bucket("2026-01-01T00:00:00Z", false));
    scene.scan();
    scene.assess("day", "soc2", &today(), &[]);
    std::fs::write(folder.join("policy.pdf"), "policy").unwrap();
    let upload = ["assess", "upload", "day", "policy.pdf", "--by", "Ann"];
    scene.done(&[&upload[..], &["--control", "CC1.1", "--note", "ours"]].concat());
    scene
}

fn sha256(text: &str) -> String {
    let mut sum = Command::new("sha256sum")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    sum.stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let said = String::from_utf8(sum.wait_with_output().unwrap().stdout).unwrap();
    said.split_whitespace().next().unwrap().to_owned()
}

/// A file of a package.
fn file(scene: &Scene, package: &str, name: &str) -> String {
    let out = Command::new("unzip")
        .args(["-p", package, name])
        .current_dir(&scene.folder)
        .output()
        .unwrap();
    String::from_utf8(out.stdout).unwrap()
}

/// What `posture-verify` says, in words and in JSON.
fn verified(scene: &Scene, package: &str) -> (String, Value) {
    let options = posture_verify::Options::default();
    let report = posture_verify::verify(&scene.folder.join(package), &options).unwrap();
    assert_eq!(report.problems, []);
    let document = posture_verify::json_v1(&report).unwrap();
    (
        posture_verify::text(&report),
        serde_json::from_str(&document).unwrap(),
    )
}

#[test]
fn what_expired_is_named_and_the_package_still_holds() {
    let folder = tempfile::tempdir().unwrap();
    let scene = scene(folder.path());
    let before = scene.export("day", "before.zip");
    assert_eq!(scene.export("day", "again.zip"), before);
    assert_eq!(file(&scene, "before.zip", "expired.csv"), "");
    assert!(
        verified(&scene, "before.zip")
            .0
            .contains("0 deleted as a record says")
    );

    scene.done(&["assess", "close", "day", "--by", "Ann"]);
    let expired = scene.done(&["evidence", "expire"]);
    assert!(expired.ends_with("2 bodies deleted\n"), "{expired}");
    let who = sha256(WHO);
    let leaves = scene.leaves();
    let tombstone = leaves
        .iter()
        .find(|leaf| leaf["detail"]["act"] == "expired")
        .unwrap();
    let (number, since) = (&tombstone["index"], &tombstone["recorded"]);

    let after = scene.export("day", "after.zip");
    let (said, document) = verified(&scene, "after.zip");
    for words in [
        format!("  expired 2 bodies under rule user-activity 400d: tombstone in record {number}\n"),
        format!("          gone: {who}; record 1 proves its hash\n"),
        "2 deleted as a record says; their hashes are proven\n".to_owned(),
    ] {
        assert!(said.contains(&words), "{words:?} is not in\n{said}");
    }
    let gone = serde_json::json!({"record": 1, "sha256": who});
    assert_eq!(document["tombstones"][0]["gone"][0], gone);
    assert_eq!(document["tombstones"][0]["bodies"], 2);

    let index = file(&scene, "after.zip", "index.html");
    assert!(index.contains("Deleted under retention rules: 1"));
    assert!(index.contains(&who) && index.contains("expired.csv"));
    let readme = file(&scene, "after.zip", "README.txt");
    let line = format!("    {who}  record 1  user-activity 400d\n");
    assert!(readme.contains(&line), "{readme}");
    let table = file(&scene, "after.zip", "expired.csv");
    let row = format!(
        "{who},1,user-activity,application/json,{},user-activity 400d,{number},{}",
        WHO.len(),
        since.as_str().unwrap()
    );
    let rows: Vec<&str> = table.lines().collect();
    assert_eq!(
        rows,
        [
            "sha256,records,type,mediaType,sizeBytes,rule,tombstone,tombstoneRecorded",
            &row
        ]
    );
    // What is another assessment's business stays out of the pages; what has no rule is there.
    assert!(!index.contains(&sha256("not for this auditor")));
    assert!(has(&scene, "after.zip", &blob(&sha256(WHAT))));
    assert!(has(&scene, "before.zip", &blob(&who)) && !has(&scene, "after.zip", &blob(&who)));

    // Once more: the same bytes, and nothing new in the log.
    let size = scene.leaves().len();
    assert_eq!(scene.export("day", "once-more.zip"), after);
    assert_eq!(scene.leaves().len(), size);
    // What was exported before has it all.
    verified(&scene, "before.zip");

    uploads_are_told_where_they_stand(&scene);
    what_is_gone_without_a_tombstone_is_refused(&scene);
}

fn blob(sha256: &str) -> String {
    format!("blobs/{}/{sha256}.zst", sha256.split_at(2).0)
}

fn has(scene: &Scene, package: &str, name: &str) -> bool {
    let listed = Command::new("unzip")
        .args(["-Z1", package])
        .current_dir(&scene.folder)
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    listed.lines().any(|line| line == name)
}

/// A file that somebody added, deleted under a rule years later.
fn uploads_are_told_where_they_stand(scene: &Scene) {
    let policy = sha256("policy");
    let page = file(scene, "after.zip", "controls/CC1.1.html");
    assert!(page.contains(&format!("{policy}</code>, under blobs/")));
    let mut tombstone = Record::new(RecordType::Decision, "retention");
    tombstone
        .detail
        .insert("rule".to_owned(), "upload 7y".into());
    tombstone.removes = vec![policy.clone()];
    let log = log(scene, false);
    let number = log.append(vec![tombstone], now()).unwrap().first;
    let erased = log.eraser().unwrap().erase(&policy).unwrap();
    assert_eq!(erased, Erased::Gone);
    drop(log);
    let package = scene.export("day", "late.zip");
    let page = file(scene, "late.zip", "controls/CC1.1.html");
    let words = format!(
        "{policy}</code>, deleted under rule upload 7y, record {number} of the log; the hash is still proven"
    );
    assert!(page.contains(&words), "{page}");
    let results: Value =
        serde_json::from_str(&file(scene, "late.zip", "oscal/assessment-results.json")).unwrap();
    let resources = &results["assessment-results"]["back-matter"]["resources"];
    let resource = of(resources, "title", "policy.pdf")[0]["description"].clone();
    assert!(
        resource
            .as_str()
            .unwrap()
            .starts_with("Not in the package: deleted under")
    );
    assert_eq!(scene.export("day", "late-again.zip"), package);
}

/// One error, and no package.
fn what_is_gone_without_a_tombstone_is_refused(scene: &Scene) {
    let path = blob(&sha256(WHAT));
    std::fs::remove_file(scene.folder.join("state/log").join(&path)).unwrap();
    let said = scene.refused(&["assess", "export", "day", "--output", "bad.zip"]);
    assert!(
        said.contains(&format!("{path} is damaged: it is missing")),
        "{said}"
    );
    assert!(!scene.folder.join("bad.zip").exists());
}
