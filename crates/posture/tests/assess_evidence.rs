//! `assess readiness`, `evidence find` and `evidence reproduce` on a small state.
//!
//! Oracles: the scan's own list of verdicts, against which what is found is counted; the evidence
//! log's root, against which runs are rebuilt; a change in the database behind our back.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use posture_store::{Location, Store};
use serde_json::Value;

fn posture(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_posture"))
        .args(arguments)
        .args(["--state", "state"])
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap()
}

fn told(folder: &Path, code: i32, arguments: &[&str]) -> String {
    let output = posture(folder, arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

fn json(folder: &Path, code: i32, arguments: &[&str]) -> Value {
    let text = told(folder, code, &[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&text).unwrap()
}

fn now() -> jiff::Timestamp {
    #[expect(
        clippy::disallowed_methods,
        reason = "the command reads the wall clock too"
    )]
    jiff::Timestamp::now()
}

/// A bucket that is open, or is not.
fn record(folder: &Path, at: &str, is_blocked: bool) {
    let item = format!(
        r#"{{"version":"1.3","awsAccountId":"123456789012","configurationItemCaptureTime":"{at}",
"configurationItemStatus":"OK","resourceType":"AWS::S3::Bucket","resourceId":"=b","resourceName":"b",
"ARN":"arn:aws:s3:::b","awsRegion":"eu-west-1","tags":{{}},"relationships":[],"configuration":{{"name":"b"}},
"supplementaryConfiguration":{{"PublicAccessBlockConfiguration":{{"blockPublicAcls":{is_blocked},
"ignorePublicAcls":{is_blocked},"blockPublicPolicy":{is_blocked},"restrictPublicBuckets":{is_blocked}}}}}}}"#
    );
    std::fs::write(folder.join("items.json"), item.replace('\n', "")).unwrap();
    told(folder, 0, &["record", "items.json"]);
}

fn scan(folder: &Path) -> Vec<Value> {
    let scanned = json(folder, 1, &["scan", "--pack", "framework:soc2"]);
    scanned["evaluations"].as_array().unwrap().clone()
}

/// Two runs, with a fix between them: the second one's verdicts, and a time between the runs.
fn twice(folder: &Path) -> (Vec<Value>, Vec<Value>, String) {
    std::fs::create_dir(folder.join("state")).unwrap();
    let key = ["keys", "new", "evidence.example/log", "--file", "state.key"];
    let made = Command::new(env!("CARGO_BIN_EXE_posture"))
        .args(key)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap();
    assert!(made.status.success());
    record(folder, "2026-01-01T00:00:00Z", false);
    let first = scan(folder);
    let between = now().to_string();
    record(folder, &now().to_string(), true);
    (first, scan(folder), between)
}

const RULE: &str = "s3-bucket-level-public-access-prohibited";

fn of<'a>(list: &'a Value, name: &str, value: &str) -> Vec<&'a Value> {
    let list = list.as_array().unwrap();
    list.iter().filter(|one| one[name] == value).collect()
}

#[test]
fn what_is_known_at_a_moment_and_what_changed_until_another() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (.., between) = twice(folder);
    let before = ["assess", "readiness", "soc2", "--as-of", &between];
    let then = json(folder, 0, &before);
    let work = then["work"].as_array().unwrap();
    assert_eq!(of(&then["work"], "name", RULE)[0]["kind"], "fix");
    assert_eq!(
        of(&then["controls"], "control", "CC6.1")[0]["result"],
        "failed"
    );
    assert_eq!(
        of(&then["controls"], "control", "CC1.1")[0]["lacksDocument"],
        true
    );
    let rank = |one: &Value| match one["severity"].as_str() {
        Some("critical") => 0,
        Some("high") => 1,
        Some("medium") => 2,
        Some("low") => 3,
        _ => 4,
    };
    assert!(work.is_sorted_by_key(rank));
    assert!(work.iter().any(|one| rank(one) == 4) && rank(&work[0]) < 2);

    let since = json(
        folder,
        0,
        &["assess", "readiness", "soc2", "--since", &between],
    );
    let done = of(&since["since"]["doneWork"], "name", RULE);
    assert_eq!(done.len(), 1);
    assert_eq!(of(&since["work"], "name", RULE).len(), 0);

    acts_count_from_when_they_were_done_on(folder, &before);
    let never = json(
        folder,
        3,
        &["assess", "readiness", "soc2", "--as-of", "2020-01-01"],
    );
    nothing_is_known(&never);
    let refused = posture(
        folder,
        &["assess", "readiness", "soc2", "--since", "2999-01-01"],
    );
    assert_eq!(refused.status.code(), Some(2));
}

fn acts_count_from_when_they_were_done_on(folder: &Path, before: &[&str]) {
    let people = ["--owner", "Ann", "--by", "Ann"];
    let today = now().strftime("%Y-%m-%d").to_string();
    let new = [
        "assess",
        "new",
        "q",
        "--framework",
        "soc2",
        "--period",
        &today,
    ];
    told(folder, 0, &[new.as_slice(), &people].concat());
    told(
        folder,
        0,
        &[
            "assess",
            "assign",
            "q",
            "--control",
            "CC1.1",
            "--owner",
            "Bo",
            "--by",
            "Ann",
        ],
    );
    let owner = |report: &Value| of(&report["controls"], "control", "CC1.1")[0]["owner"].clone();
    assert_eq!(
        owner(&json(folder, 0, &["assess", "readiness", "soc2"])),
        "Bo"
    );
    assert_eq!(owner(&json(folder, 0, before)), Value::Null);
}

fn nothing_is_known(report: &Value) {
    assert_eq!(report["run"], Value::Null);
    let may = ["unknown", "manual-needed", "not-applicable"];
    let results = report["results"].as_object().unwrap();
    assert!(results.keys().all(|word| may.contains(&word.as_str())));
    let look = &report["work"][0];
    assert_eq!(
        (&look["kind"], &look["name"]),
        (&"find-out".into(), &"framework:soc2".into())
    );
}

#[test]
fn every_verdict_is_found_and_counted_once() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (first, second, between) = twice(folder);
    // Of accounts as a whole no verdict is kept singly.
    let kept = |all: &[Value], word: &str| {
        let of_bucket = all
            .iter()
            .filter(|one| one["resourceType"] == "AWS::S3::Bucket");
        of_bucket
            .filter(|one| one["complianceType"] == word)
            .count()
    };
    let find = |more: &[&str]| json(folder, 0, &[&["evidence", "find"], more].concat());
    let count = |more: &[&str]| find(more)["records"].as_array().unwrap().len();
    let early = ["--to", &between];
    for word in [
        "COMPLIANT",
        "NON_COMPLIANT",
        "NOT_APPLICABLE",
        "INSUFFICIENT_DATA",
    ] {
        let with = [early.as_slice(), &["--verdict", word]].concat();
        assert_eq!(count(&with), kept(&first, word), "{word}");
    }
    let total = count(&early);
    assert!(total > 5);
    let of_rule = find(&["--rule", RULE]);
    let words: Vec<&Value> = of_rule["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["complianceType"])
        .collect();
    assert_eq!(words, ["COMPLIANT", "NON_COMPLIANT"]);
    assert_eq!(of_rule["records"][1]["until"], of_rule["records"][0]["at"]);
    assert!(of_rule["records"][0]["logRecord"].is_i64());
    assert!(kept(&second, "NON_COMPLIANT") < kept(&first, "NON_COMPLIANT"));

    for by in ["account", "rule", "day"] {
        let groups = find(&[early.as_slice(), &["--group-by", by]].concat());
        let sum: u64 = groups["groups"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["records"].as_u64().unwrap())
            .sum();
        assert_eq!(sum, total as u64, "{by}");
    }
    let by_control = find(&["--framework", "soc2", "--group-by", "control"]);
    assert_eq!(of(&by_control["groups"], "group", "CC6.1").len(), 1);
    assert!(count(&["--framework", "soc2", "--control", "CC6.1"]) > 1);
    for nothing in [
        ["--account", "999999999999"],
        ["--resource", "c"],
        ["--type", "AWS::EC2::Instance"],
        ["--from", "2999-01-01"],
        ["--to", "2020-01-01"],
    ] {
        assert_eq!(count(&nothing), 0, "{nothing:?}");
    }
    for all in [
        ["--account", "123456789012"],
        ["--resource", "arn:aws:s3:::b"],
        ["--from", "2020-01-01"],
    ] {
        assert_eq!(count(&all), count(&[]), "{all:?}");
    }
    let csv = told(
        folder,
        0,
        &["evidence", "find", "--rule", RULE, "--format", "csv"],
    );
    assert!(csv.contains(",'=b,"), "a cell is no formula");
    let limited = find(&["--limit", "1"]);
    assert_eq!(limited["hasMore"], true);
    let bad = posture(folder, &["evidence", "find", "--group-by", "control"]);
    assert_eq!(bad.status.code(), Some(2));
}

#[test]
fn a_run_is_rebuilt_and_what_somebody_changed_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    twice(folder);
    let found = json(folder, 0, &["evidence", "find", "--rule", RULE]);
    let run = |place: usize| found["records"][place]["run"].to_string();
    for place in [0, 1] {
        let rebuilt = json(folder, 0, &["evidence", "reproduce", &run(place)]);
        assert_eq!(rebuilt["rootRebuilt"], rebuilt["rootInLog"]);
        assert!(rebuilt["rules"].as_array().unwrap().len() > 10);
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let location = Location::File(folder.join("state/state.db"));
        let store = Store::open(&location, Arc::new(now)).await.unwrap();
        let mut transaction = store.database().begin().await.unwrap();
        // The bucket was never open, says who can write to the database.
        let sql = "UPDATE versions SET hash = (SELECT hash FROM versions ORDER BY version DESC LIMIT 1), \
                   blob = (SELECT blob FROM versions ORDER BY version DESC LIMIT 1)";
        transaction.execute(sql, Vec::new()).await.unwrap();
        transaction.commit().await.unwrap();
        store.close().await;
    });
    let rebuilt = json(
        folder,
        1,
        &["evidence", "reproduce", &format!("run-{}", run(1))],
    );
    assert_ne!(rebuilt["rootRebuilt"], rebuilt["rootRecorded"]);
    let named = of(&rebuilt["differences"], "ruleName", RULE);
    assert_eq!(named[0]["recorded"], "NON_COMPLIANT");
    assert_eq!(named[0]["rebuilt"], "COMPLIANT");
    assert_eq!(
        json(folder, 0, &["evidence", "reproduce", &run(0)])["isSame"],
        true
    );
    assert_eq!(
        posture(folder, &["evidence", "reproduce", "0"])
            .status
            .code(),
        Some(2)
    );
}
