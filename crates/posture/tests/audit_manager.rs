//! `posture assess import-audit-manager`, as its user runs it.
//!
//! Oracle: Audit Manager's service model in botocore, against which the server of the test holds every
//! input and every answer (`audit_manager/server.py`); `posture-verify`, which shares no code with what
//! writes the package.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "command/aws.rs"]
mod aws;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;
#[path = "audit_manager/scene.rs"]
mod scene;

use std::path::PathBuf;

use scene::Scene;
use serde_json::{Value, json};

/// Controls in all assessments, days and pieces of each: `world.py`.
const FOLDERS: usize = (4 + 4 + 1) * 3;
const EVIDENCE: usize = FOLDERS * 3;

#[test]
fn an_account_is_taken_over_and_a_second_time_adds_nothing() {
    let Some(scene) = Scene::new() else { return };
    let report = scene.import(0);
    assert_eq!(report["schema"], "posture.audit-manager-import/v1");
    for (member, expected) in [
        ("assessments", 3),
        ("changedAssessments", 3),
        ("folders", FOLDERS),
        ("foldersRead", FOLDERS),
        ("newEvidence", EVIDENCE),
        // Ours, what is in none, and AWS's own. Assessments hold the first as it is.
        ("newFrameworks", 3),
    ] {
        assert_eq!(report[member], expected, "{member}: {report}");
    }
    assert_eq!(report["problems"], json!([]));
    let calls = scene.calls();
    let broken: Vec<&String> = calls
        .iter()
        .filter(|call| call.starts_with("BROKEN") || call.starts_with("POST"))
        .collect();
    assert!(broken.is_empty(), "{broken:?}");

    scene.forget_calls();
    let again = scene.import(0);
    for member in [
        "changedAssessments",
        "foldersRead",
        "newEvidence",
        "newFrameworks",
        "newDocuments",
    ] {
        assert_eq!(again[member], 0, "{member}: {again}");
    }
    let read = |call: &&String| call.starts_with("GetEvidenceByEvidenceFolder ");
    assert_eq!(scene.calls().iter().filter(read).count(), 0);
    assert_eq!(scene.records().len(), EVIDENCE);

    // The world goes on: one more piece in the newest folders of the first assessment.
    scene.faults(&json!({ "more": 1 }));
    let more = scene.import(0);
    assert_eq!(
        (&more["foldersRead"], &more["newEvidence"]),
        (&json!(2), &json!(2)),
        "{more}"
    );
}

#[test]
fn what_came_is_shown_as_imported_and_decides_nothing() {
    let Some(scene) = Scene::new() else { return };
    scene.import(0);
    let list = scene.json(0, &["assess", "list"]);
    let all = list["assessments"].as_array().unwrap();
    let named = |name: &str| {
        let found = all.iter().find(|one| one["imported"]["name"] == name);
        found.unwrap().clone()
    };
    let quarter = named("Q1 / production");
    assert_eq!(quarter["status"], "INACTIVE");
    assert_eq!(quarter["imported"]["status"], "ACTIVE");
    assert_eq!(quarter["from"], "2026-01-05T00:00:00Z");
    assert_eq!(quarter["until"], "2026-01-09T00:00:00Z");
    assert_eq!(
        quarter["owner"],
        "arn:aws:iam::111122223333:role/Compliance"
    );
    let name = quarter["name"].as_str().unwrap();
    assert!(name.starts_with("q1-production-"), "{name}");
    assert!(
        scene
            .text(0, &["assess", "list"])
            .contains("imported from Audit Manager: Q1 / production, ACTIVE there")
    );

    // A control that stands in two sets is two, and its sources came from the framework.
    let status = scene.json(0, &["assess", "status", name]);
    let ids: Vec<&str> = status["controls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["control"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["AC-1", "AC-2", "AC-2 (2)", "=cmd|Screening <b>"]);
    let show = ["assess", "show", name, "--control", "AC-1", "--folders"];
    let control = scene.json(0, &show);
    assert_eq!(
        (&control["result"], &control["status"]),
        (&json!("unknown"), &json!("REVIEWED"))
    );
    assert_eq!(control["comments"][0]["author"], "Ann Owner");
    assert_eq!(control["comments"][0]["postedAt"], "2026-01-05T03:00:00Z");
    assert_eq!(
        control["tests"][0]["rule"],
        "s3-bucket-level-public-access-prohibited"
    );
    let day = &control["folders"][1];
    assert_eq!(
        (&day["imported"], &day["importedIssues"], &day["runs"]),
        (&json!(3), &json!(1), &json!(0))
    );
    assert_eq!(day["state"], "unknown");
    assert!(scene.text(0, &show).contains("2026-01-06  imported"));
    assert!(
        control["folders"][3].get("imported").is_none(),
        "a day without evidence"
    );

    let closed = scene.run(&["assess", "review", name, "--control", "AC-1", "--by", "Ann"]);
    assert_eq!(closed.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&closed.stderr).contains("INACTIVE"));
}

#[test]
fn what_came_is_found_as_imported_and_is_no_verdict() {
    let Some(scene) = Scene::new() else { return };
    scene.import(0);
    let list = scene.json(0, &["assess", "list"]);
    let all = list["assessments"].as_array().unwrap();
    let active = all.iter().find(|one| one["imported"]["status"] == "ACTIVE");
    let name = active.unwrap()["name"].as_str().unwrap();
    let find = [
        "evidence",
        "find",
        "--imported",
        "--assessment",
        name,
        "--control",
        "AC-1",
    ];
    let failed = scene.json(
        0,
        &[find.as_slice(), &["--verdict", "NON_COMPLIANT"]].concat(),
    );
    let evidence = failed["evidence"].as_array().unwrap();
    assert_eq!(evidence.len(), 3);
    assert_eq!(evidence[0]["collectedByAwsAt"], "2026-01-07T03:00:00Z");
    assert_eq!(evidence[0]["resources"], json!(["arn:aws:s3:::bucket_0"]));
    assert!(evidence[0]["logRecord"].is_i64());
    let of_bucket = |name: &str| {
        let found = scene.json(0, &[find.as_slice(), &["--resource", name]].concat());
        found["evidence"].as_array().unwrap().len()
    };
    assert_eq!(
        (
            of_bucket("arn:aws:s3:::bucket_1"),
            of_bucket("arn:aws:s3:::bucket%1")
        ),
        (3, 0)
    );
    assert!(
        scene
            .text(0, &["evidence", "find", "--imported", "--format", "csv"])
            .contains(",'=ListKeys,")
    );
    // Nothing of it is a verdict of ours.
    assert_eq!(scene.json(0, &["evidence", "find"])["records"], json!([]));
}

#[test]
fn the_log_and_the_package_hold_the_bytes_with_both_times() {
    let Some(scene) = Scene::new() else { return };
    scene.import(0);
    let records = scene.records();
    assert_eq!(records.len(), EVIDENCE);
    for record in &records {
        assert_eq!(record["detail"]["source"], "imported from Audit Manager");
        assert!(
            record["times"]["collected"]
                .as_str()
                .unwrap()
                .starts_with("2026-01-0")
        );
        assert!(record["times"].get("observed").is_none());
        assert!(record["times"]["uploaded"].is_string());
        assert!(
            !record.to_string().contains("secret-person"),
            "leaves name nobody"
        );
    }
    let list = scene.json(0, &["assess", "list"]);
    let all = list["assessments"].as_array().unwrap();
    let name = all
        .iter()
        .find(|one| one["imported"]["status"] == "ACTIVE")
        .unwrap()["name"]
        .as_str()
        .unwrap();
    for file in ["a.zip", "b.zip"] {
        scene.text(0, &["assess", "export", name, "--output", file]);
    }
    let file = |name: &str| scene.path().join(name);
    assert_eq!(
        std::fs::read(file("a.zip")).unwrap(),
        std::fs::read(file("b.zip")).unwrap()
    );
    let report =
        posture_verify::verify(&file("a.zip"), &posture_verify::Options::default()).unwrap();
    assert!(report.holds());
    let package = String::from_utf8_lossy(&std::fs::read(file("a.zip")).unwrap()).into_owned();
    for expected in [
        "imported.csv",
        "Imported from AWS Audit Manager",
        "&lt;script&gt;",
        "'=ListKeys",
    ] {
        assert!(package.contains(expected), "{expected}");
    }
    assert!(!package.contains("=1+1 <script>"));
}

#[test]
fn what_is_denied_or_throttled_is_told_and_read_the_next_time() {
    let Some(scene) = Scene::new() else { return };
    scene.import(0);
    let found = scene.json(0, &["evidence", "find", "--imported", "--control", "AC-2"]);
    let folders: Vec<&Value> = found["evidence"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["evidenceFolderId"])
        .collect();
    let (denied, throttled) = (folders[0].as_str().unwrap(), folders[3].as_str().unwrap());
    assert_ne!(denied, throttled);

    let Some(other) = Scene::new() else { return };
    let key = |folder: &str| format!("GetEvidenceByEvidenceFolder {folder}");
    other.faults(&json!({
        "denied": [key(denied), "GetChangeLogs"],
        "throttled": { key(throttled): 1000, "ListAssessments": 1 },
    }));
    let report = other.import(3);
    let problems = report["problems"].as_array().unwrap();
    assert_eq!(problems.len(), 3 + 2, "{problems:?}");
    for (folder, code) in [
        (denied, "AccessDeniedException"),
        (throttled, "ThrottlingException"),
    ] {
        let of_folder = |one: &&Value| one["subject"].as_str().unwrap().contains(folder);
        let told = problems.iter().find(of_folder).unwrap();
        assert!(told["why"].as_str().unwrap().contains(code), "{told}");
        assert!(
            told["subject"]
                .as_str()
                .unwrap()
                .contains("AC-2 on 2026-01-0"),
            "{told}"
        );
    }
    assert_eq!(report["foldersRead"], FOLDERS - 2);
    assert_eq!(report["newEvidence"], EVIDENCE - 6);
    let said = other.run(&["assess", "import-audit-manager"]);
    assert_eq!(said.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&said.stderr).contains("not read: assessment "));

    other.faults(&json!({}));
    let report = other.import(0);
    assert_eq!(
        (&report["foldersRead"], &report["newEvidence"]),
        (&json!(2), &json!(6))
    );
    assert_eq!(other.records().len(), EVIDENCE);
}

#[test]
fn a_framework_that_is_gone_leaves_its_controls_without_sources() {
    let Some(scene) = Scene::new() else { return };
    scene.import(0);
    let list = scene.json(0, &["assess", "list"]);
    let all = list["assessments"].as_array().unwrap();
    let name = all
        .iter()
        .find(|one| one["imported"]["name"] == "AWS sample")
        .unwrap()["name"]
        .as_str()
        .unwrap()
        .to_owned();
    let rule = |scene: &Scene| {
        let show = scene.json(0, &["assess", "show", &name, "--control", "1.1"]);
        show["tests"][0]["rule"].clone()
    };
    assert_eq!(rule(&scene), "iam-password-policy");
    // What was known before stays known.
    let calls = scene.calls();
    let reads: Vec<&String> = calls
        .iter()
        .filter(|call| call.starts_with("GetAssessmentFramework "))
        .collect();
    let gone: Vec<&str> = reads
        .iter()
        .filter_map(|call| call.rsplit('/').next())
        .collect();
    scene.faults(&json!({ "gone": gone }));
    let report = scene.import(3);
    assert_eq!(report["changedAssessments"], 0, "{report}");
    assert_eq!(rule(&scene), "iam-password-policy");

    let Some(other) = Scene::new() else { return };
    other.faults(&json!({ "gone": gone }));
    let report = other.import(3);
    assert!(
        report["notes"]
            .to_string()
            .contains("its framework is gone"),
        "{report}"
    );
    assert_eq!(rule(&other), Value::Null);
}

#[test]
fn a_killed_import_goes_on_and_stores_nothing_twice() {
    let Some(scene) = Scene::new() else { return };
    scene.faults(&json!({ "slow": 0.03 }));
    let read = |call: &&String| call.starts_with("GetEvidenceByEvidenceFolder ");
    let mut killed = 0;
    for calls in [6, 14] {
        let mut command = scene.command();
        command.args(["assess", "import-audit-manager", "--state", "state"]);
        let mut import = command.spawn().unwrap();
        let log: PathBuf = scene.path().join("calls.log");
        for _ in 0..3000 {
            let reached = log.exists() && scene.calls().iter().filter(read).count() >= calls;
            if reached || import.try_wait().unwrap().is_some() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        killed += usize::from(import.try_wait().unwrap().is_none());
        drop(import.kill());
        import.wait().unwrap();
    }
    assert_eq!(killed, 2, "it was still at work both times");
    scene.faults(&json!({}));
    let report = scene.import(0);
    assert!(
        report["foldersRead"].as_u64().unwrap() < FOLDERS as u64,
        "{report}"
    );
    let mut ids: Vec<String> = scene
        .records()
        .iter()
        .map(|one| one["detail"]["evidence"].to_string())
        .collect();
    ids.sort();
    let all = ids.len();
    ids.dedup();
    assert_eq!((all, ids.len()), (EVIDENCE, EVIDENCE));
    let found = scene.json(0, &["evidence", "find", "--imported"]);
    assert_eq!(found["evidence"].as_array().unwrap().len(), EVIDENCE);
}

#[test]
fn bad_input_is_one_error_and_stores_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = aws::posture("http://127.0.0.1:9");
    let run = command
        .current_dir(folder.path())
        .env("AWS_MAX_ATTEMPTS", "1")
        .args(["assess", "import-audit-manager", "--state", "state"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(2), "{said}");
    assert!(said.contains("sts did not answer"), "{said}");
    let run = command.args(["--by", " "]).output().unwrap();
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!(run.status.code(), Some(2), "{said}");
    assert!(said.contains("somebody has to be named"), "{said}");
    let run = command.args(["assess", "x"]).output().unwrap();
    assert_eq!(run.status.code(), Some(2));
}
