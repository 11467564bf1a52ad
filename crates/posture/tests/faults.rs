//! Recording while AWS refuses, throttles, fails, hangs up and tells halves: a verdict may be lost by
//! it, and never become another; what was recorded stays.
//!
//! Oracle: the same account, seeded by boto3 on moto, read without any fault.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "command/aws.rs"]
mod aws;
#[path = "live/chaos.rs"]
mod chaos;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;
#[path = "live/twice.rs"]
mod twice;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Output;
use std::sync::atomic::Ordering;

use moto::Moto;
use serde_json::Value;

const PACKS: [&str; 2] = ["--pack=nist-800-53-r5", "--pack=pci-dss-4.0"];
const SEEDS: u64 = 5;

fn posture(url: &str, arguments: &[&str]) -> Output {
    aws::posture(url)
        .args(arguments)
        // No second chance: a fault stays one.
        .env("AWS_MAX_ATTEMPTS", "1")
        .output()
        .unwrap()
}

type Verdicts = BTreeMap<(String, String, String, String), String>;

fn scanned(url: &str) -> (Verdicts, usize, Option<i32>) {
    let mut arguments = vec!["scan", "--aws", "--region", "us-east-1", "--format", "json"];
    arguments.extend(PACKS);
    let run = posture(url, &arguments);
    let document: Value = serde_json::from_slice(&run.stdout).unwrap();
    let rows = document["evaluations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            let rule = format!("{} {}", text("ruleName"), row["parameters"]);
            let key = (
                rule,
                text("awsRegion"),
                text("resourceType"),
                text("resourceId"),
            );
            (key, text("complianceType"))
        });
    let count = rows.len();
    let verdicts: Verdicts = rows.collect();
    assert_eq!(verdicts.len(), count, "something was judged twice");
    let coverage = document["coverage"].as_array().unwrap().iter();
    let gaps = coverage.filter(|row| row["state"] != "complete").count();
    (verdicts, gaps, run.status.code())
}

fn recorded(state: &str) -> BTreeSet<String> {
    let run = posture("", &["inventory", "--state", state, "--format", "json"]);
    let document: Value = serde_json::from_slice(&run.stdout).unwrap();
    let rows = document["resources"].as_array().unwrap().iter();
    rows.map(|row| format!("{} {}", row["resourceType"], row["resourceId"]))
        .collect()
}

#[test]
fn a_fault_may_lose_a_verdict_and_never_makes_one() {
    let Some(moto) = Moto::start() else { return };
    moto.seed(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/live/seed.py"));
    let (clean, usual, _) = scanned(&moto.address());
    assert!(clean.len() > 150, "{}", clean.len());
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state").display().to_string();
    let mut record = vec![
        "record",
        "--aws",
        "--region",
        "us-east-1",
        "--state",
        &state,
    ];
    record.extend(PACKS);
    posture(&moto.address(), &record);
    let before = recorded(&state);
    assert!(before.len() > 20, "{before:?}");

    let (mut lost, mut kept) = (0, 0);
    for seed in 0..SEEDS {
        let url = chaos::before(&moto.address(), seed);
        let (verdicts, gaps, code) = scanned(&url);
        assert!(gaps > usual, "nothing was spoilt by seed {seed}");
        assert!(matches!(code, Some(1 | 3)), "{code:?}");
        for (key, verdict) in &verdicts {
            let expected = clean.get(key).map_or("", String::as_str);
            if verdict == "INSUFFICIENT_DATA" {
                lost += usize::from(expected != "INSUFFICIENT_DATA");
                continue;
            }
            kept += 1;
            assert_eq!(verdict, expected, "seed {seed}: {key:?}");
        }
        posture(&url, &record);
        assert_eq!(recorded(&state), before, "seed {seed}");
    }
    // Otherwise nothing was tried.
    assert!(lost > 50 && kept > 200, "{lost} lost, {kept} kept");
}

#[test]
fn a_page_that_comes_twice_makes_nothing_twice() {
    let Some(moto) = Moto::start() else { return };
    moto.seed(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/live/seed.py"));
    let clean = scanned(&moto.address());
    let (url, pages) = twice::before(&moto.address());
    assert_eq!(scanned(&url), clean);
    assert!(pages.load(Ordering::SeqCst) >= 3, "a listing was not made");
}
