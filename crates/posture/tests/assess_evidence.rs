//! `assess readiness`, `evidence find` and `evidence reproduce` on a small state.
//!
//! Oracles: the scan's own list of verdicts, against which what is found is counted; the evidence
//! log's root, against which runs are rebuilt; a change in the database behind our back.

#![expect(clippy::unwrap_used, reason = "a test")]

mod assessed;
#[path = "assessed/both.rs"]
mod both;

use std::sync::Arc;

use assessed::{Scene, bucket, now, of, today};
use both::{on_postgresql, on_sqlite};
use posture_store::Store;
use serde_json::Value;

/// Two runs, with a fix between them: the verdicts of both, and a time between the runs.
fn twice(scene: &Scene) -> (Vec<Value>, Vec<Value>, String) {
    scene.record(&bucket("2026-01-01T00:00:00Z", false));
    let first = scene.scan();
    let between = now().to_string();
    scene.record(&bucket(&now().to_string(), true));
    (first, scene.scan(), between)
}

const RULE: &str = "s3-bucket-level-public-access-prohibited";

#[test]
fn what_is_known_at_a_moment_and_what_changed_until_another() {
    on_sqlite(what_is_known_at_a_moment_and_what_changed_until_another_on);
}

#[test]
fn what_is_known_at_a_moment_and_what_changed_until_another_on_postgresql() {
    on_postgresql(what_is_known_at_a_moment_and_what_changed_until_another_on);
}

fn what_is_known_at_a_moment_and_what_changed_until_another_on(scene: &Scene) {
    let (.., between) = twice(scene);
    let before = ["assess", "readiness", "soc2", "--as-of", &between];
    let then = scene.json(0, &before);
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

    let since = scene.json(0, &["assess", "readiness", "soc2", "--since", &between]);
    let done = of(&since["since"]["doneWork"], "name", RULE);
    assert_eq!(done.len(), 1);
    assert_eq!(of(&since["work"], "name", RULE).len(), 0);

    acts_count_from_when_they_were_done_on(scene, &before);
    let never = scene.json(3, &["assess", "readiness", "soc2", "--as-of", "2020-01-01"]);
    nothing_is_known(&never);
    let refused = scene.run(&["assess", "readiness", "soc2", "--since", "2999-01-01"]);
    assert_eq!(refused.status.code(), Some(2));
}

fn acts_count_from_when_they_were_done_on(scene: &Scene, before: &[&str]) {
    scene.assess("q", "soc2", &today(), &[]);
    scene.told(
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
        owner(&scene.json(0, &["assess", "readiness", "soc2"])),
        "Bo"
    );
    assert_eq!(owner(&scene.json(0, before)), Value::Null);
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
    on_sqlite(every_verdict_is_found_and_counted_once_on);
}

#[test]
fn every_verdict_is_found_and_counted_once_on_postgresql() {
    on_postgresql(every_verdict_is_found_and_counted_once_on);
}

fn every_verdict_is_found_and_counted_once_on(scene: &Scene) {
    let (first, second, between) = twice(scene);
    // Of accounts as a whole no verdict is kept singly.
    let kept = |all: &[Value], word: &str| {
        let of_bucket = all
            .iter()
            .filter(|one| one["resourceType"] == "AWS::S3::Bucket");
        of_bucket
            .filter(|one| one["complianceType"] == word)
            .count()
    };
    let find = |more: &[&str]| scene.json(0, &[&["evidence", "find"], more].concat());
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
    let csv = scene.told(0, &["evidence", "find", "--rule", RULE, "--format", "csv"]);
    assert!(csv.contains(",'=b,"), "a cell is no formula");
    let limited = find(&["--limit", "1"]);
    assert_eq!(limited["hasMore"], true);
    let bad = scene.run(&["evidence", "find", "--group-by", "control"]);
    assert_eq!(bad.status.code(), Some(2));
}

#[test]
fn a_run_is_rebuilt_and_what_somebody_changed_is_named() {
    on_sqlite(a_run_is_rebuilt_and_what_somebody_changed_is_named_on);
}

#[test]
fn a_run_is_rebuilt_and_what_somebody_changed_is_named_on_postgresql() {
    on_postgresql(a_run_is_rebuilt_and_what_somebody_changed_is_named_on);
}

fn a_run_is_rebuilt_and_what_somebody_changed_is_named_on(scene: &Scene) {
    twice(scene);
    let found = scene.json(0, &["evidence", "find", "--rule", RULE]);
    let run = |place: usize| found["records"][place]["run"].to_string();
    for place in [0, 1] {
        let rebuilt = scene.json(0, &["evidence", "reproduce", &run(place)]);
        assert_eq!(rebuilt["rootRebuilt"], rebuilt["rootInLog"]);
        assert!(rebuilt["rules"].as_array().unwrap().len() > 10);
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = Store::open(&scene.location(), Arc::new(now)).await.unwrap();
        let mut transaction = store.database().begin().await.unwrap();
        // The bucket was never open, says who can write to the database.
        let sql = "UPDATE versions SET hash = (SELECT hash FROM versions ORDER BY version DESC LIMIT 1), \
                   blob = (SELECT blob FROM versions ORDER BY version DESC LIMIT 1)";
        transaction.execute(sql, Vec::new()).await.unwrap();
        transaction.commit().await.unwrap();
        store.close().await;
    });
    let rebuilt = scene.json(1, &["evidence", "reproduce", &format!("run-{}", run(1))]);
    assert_ne!(rebuilt["rootRebuilt"], rebuilt["rootRecorded"]);
    let named = of(&rebuilt["differences"], "ruleName", RULE);
    assert_eq!(named[0]["recorded"], "NON_COMPLIANT");
    assert_eq!(named[0]["rebuilt"], "COMPLIANT");
    assert_eq!(
        scene.json(0, &["evidence", "reproduce", &run(0)])["isSame"],
        true
    );
    assert_eq!(
        scene.run(&["evidence", "reproduce", "0"]).status.code(),
        Some(2)
    );
}
