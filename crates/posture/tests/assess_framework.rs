//! A framework of the user's own, from its rules to the package.
//!
//! Oracle: each expectation is written out; `posture-verify` on the package.

#![expect(clippy::unwrap_used, reason = "a test")]

mod assessed;

use assessed::{Scene, bucket, today};

const HOUSE: &str = r#"framework: house-rules
version: "2026"
title: House rules
source: Security handbook, chapter 3
sets:
  - id: A
    title: Access
controls:
  - id: A.1
    set: A
    title: No bucket is open
    coverage: full
    rules: [s3-bucket-level-public-access-prohibited]
"#;

#[test]
fn own_framework_is_judged_assessed_and_exported() {
    let folder = tempfile::tempdir().unwrap();
    let scene = Scene::new(folder.path());
    let house = folder.path().join("house-rules.yaml");
    std::fs::write(&house, HOUSE).unwrap();
    scene.record(&bucket("2026-01-01T00:00:00Z", false));
    let pack = ["scan", "--pack", "framework:house-rules.yaml"];
    let scanned = scene.json(1, &pack);
    assert_eq!(scanned["evaluations"].as_array().unwrap().len(), 1);
    scene.assess("day", "house-rules.yaml", &today(), &[]);
    let ready = ["assess", "readiness", "house-rules.yaml"];
    assert!(scene.told(0, &ready).contains("A.1"));
    let find = [
        "evidence",
        "find",
        "--framework",
        "house-rules.yaml",
        "--control",
        "A.1",
    ];
    let found = scene.json(0, &find);
    assert_eq!(found["records"].as_array().unwrap().len(), 1);

    // The state has it from here on: the file may go.
    std::fs::remove_file(&house).unwrap();
    let shown = scene.json(0, &["assess", "show", "day", "--control", "A.1"]);
    assert_eq!(shown["result"], "failed", "{shown}");
    assert!(!scene.export("day", "a.zip").is_empty());

    // What changed has another version, and none the name of one of ours.
    let new = |name: &str| {
        let new = ["assess", "new", name, "--framework", "house-rules.yaml"];
        let rest = ["--period", "2026", "--owner", "Ann", "--by", "Ann"];
        [&new[..], &rest]
            .concat()
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let refused = |text: &str| {
        std::fs::write(&house, text).unwrap();
        let new = new("other");
        scene.refused(&new.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let said = refused(&HOUSE.replace("No bucket", "Not one bucket"));
    assert!(
        said.contains("another house-rules of version \"2026\""),
        "{said}"
    );
    let said = refused(&HOUSE.replace("house-rules", "soc2"));
    assert!(
        said.contains("has the name \"soc2\" of a built-in framework"),
        "{said}"
    );
    let said = refused(&HOUSE.replace("set: A\n", "set: B\n"));
    assert!(said.contains("house-rules.yaml"), "{said}");
    std::fs::write(&house, HOUSE.replace("\"2026\"", "\"2027\"")).unwrap();
    scene.assess("other", "house-rules.yaml", &today(), &[]);
}
