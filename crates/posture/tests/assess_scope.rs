//! What an assessment is limited to: tags, and a part of its period; and rules that are limited
//! themselves, rebuilt.
//!
//! Oracle: what was recorded here, counted; the evidence log's root, against which runs are rebuilt.

#![expect(clippy::unwrap_used, reason = "a test")]

mod assessed;

use assessed::{Scene, bucket, now, of, today};
use serde_json::Value;

/// A bucket of another name, with tags.
fn tagged(name: &str, tags: &str) -> String {
    let item = bucket("2026-01-01T00:00:00Z", false);
    item.replace("\"=b\"", &format!("\"{name}\""))
        .replace("s3:::b", &format!("s3:::{name}"))
        .replace("\"tags\":{}", &format!("\"tags\":{tags}"))
}

const RULE: &str = "s3-bucket-level-public-access-prohibited";

fn population(scene: &Scene, name: &str) -> Value {
    let shown = scene.json(0, &["assess", "show", name, "--control", "CC6.1"]);
    of(&shown["tests"], "rule", RULE)[0]["population"].clone()
}

#[test]
fn an_assessment_of_tags_is_about_what_had_them() {
    let folder = tempfile::tempdir().unwrap();
    let scene = Scene::new(folder.path());
    scene.record(&tagged("prod", r#"{"env":"prod","app":"shop"}"#));
    scene.record(&tagged("dev", r#"{"env":"dev"}"#));
    scene.record(&tagged("none", "{}"));
    scene.scan();
    // It had the tag in the period, though it has lost it by now.
    let lost = tagged("prod", "{}").replace("2026-01-01T00:00:00Z", &now().to_string());
    scene.record(&lost);
    for (name, tags, count) in [
        ("all", &[][..], 3),
        ("prod", &["--tag", "env=prod"], 1),
        ("any", &["--tag", "env"], 2),
        ("both", &["--tag", "env=prod", "--tag", "app"], 1),
        ("neither", &["--tag", "env=dev", "--tag", "app"], 0),
    ] {
        scene.assess(name, "soc2", &today(), tags);
        assert_eq!(population(&scene, name), count, "{name}");
    }
    let plan = ["assess", "export", "prod", "--format", "oscal-ap"];
    assert!(scene.done(&plan).contains("env=prod"));
    let new = [
        "assess",
        "new",
        "x",
        "--framework",
        "soc2",
        "--period",
        "2026",
        "--owner",
        "A",
        "--by",
        "A",
    ];
    assert!(
        scene
            .refused(&[&new[..], &["--tag", "=x"]].concat())
            .contains("is no tag")
    );
}

#[test]
fn a_part_of_the_period_is_exported() {
    let folder = tempfile::tempdir().unwrap();
    let scene = Scene::new(folder.path());
    scene.record(&bucket("2026-01-01T00:00:00Z", false));
    scene.scan();
    let year = now().strftime("%Y").to_string();
    scene.assess("year", "soc2", &year, &[]);
    let part = ["assess", "export", "year", "--period", &today()];
    scene.done(&[&part[..], &["--output", "a.zip"]].concat());
    scene.done(&[&part[..], &["--output", "b.zip"]].concat());
    let package = std::fs::read(folder.path().join("a.zip")).unwrap();
    assert_eq!(package, std::fs::read(folder.path().join("b.zip")).unwrap());
    let report = posture_verify::verify(
        &folder.path().join("a.zip"),
        &posture_verify::Options::default(),
    );
    assert!(report.unwrap().holds());
    assert!(String::from_utf8_lossy(&package).contains("Evidence on 1 of 1 days"));
    let outside = [
        "assess", "export", "year", "--period", "2020", "--output", "c.zip",
    ];
    assert!(
        scene
            .refused(&outside)
            .contains("is no part of the assessment's period")
    );
    assert!(!folder.path().join("c.zip").exists());
}

#[test]
fn a_rule_that_is_limited_is_rebuilt_with_its_limit() {
    let folder = tempfile::tempdir().unwrap();
    let scene = Scene::new(folder.path());
    scene.record(&tagged("prod", r#"{"env":"prod"}"#));
    scene.record(&tagged("dev", r#"{"env":"dev"}"#));
    let config = format!("rules:\n  - rule: {RULE}\n    tagKey: env\n    tagValue: prod\n");
    std::fs::write(folder.path().join("posture.yaml"), config).unwrap();
    let scanned = scene.json(1, &["scan"]);
    assert_eq!(of(&scanned["evaluations"], "ruleName", RULE).len(), 1);
    let found = scene.json(0, &["evidence", "find", "--rule", RULE]);
    let run = found["records"][0]["run"].to_string();
    let rebuilt = scene.json(0, &["evidence", "reproduce", &run]);
    assert_eq!(rebuilt["isSame"], true);
    assert_eq!(rebuilt["rules"][0]["tagValue"], "prod");
}
