//! OSCAL of assessments: `assess export`, and what is in a package.
//!
//! Oracles: NIST's JSON schemas, in `../shared/data/oscal/VERSION/` or under the folder that
//! `OSCAL_SCHEMAS` names; compliance-trestle, which the test installs. What isn't there is skipped,
//! loudly.

#![expect(clippy::unwrap_used, reason = "a test")]

mod assessed;
mod shared;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use assessed::Scene;
use serde_json::Value;

fn text(name: &str) -> String {
    // Newlines in a resource's name: OSCAL's strings have none.
    format!(
        r#"{{"version":"1.3","awsAccountId":"123456789012",
"configurationItemCaptureTime":"2026-01-01T00:00:00Z","configurationItemStatus":"OK",
"resourceType":"AWS::S3::Bucket","resourceId":"{name}","resourceName":" <i>\n\u202e*b*</i> ",
"ARN":"arn:aws:s3:::{name}","awsRegion":"eu-west-1","tags":{{}},"relationships":[],
"configuration":{{"name":"b"}},"supplementaryConfiguration":{{"PublicAccessBlockConfiguration":
{{"blockPublicAcls":false,"ignorePublicAcls":false,"blockPublicPolicy":false,"restrictPublicBuckets":false}}}}}}"#
    )
    .replace('\n', "")
}

const FRAMEWORKS: [&str; 3] = ["soc2", "hipaa-security", "cis-aws-v5.0"];

/// Judges a bucket today, and nothing in the nine days before: the period.
fn judged(scene: &Scene) -> String {
    scene.record(&text(" b\\n*]( "));
    // Of the other frameworks, rules that were never evaluated are a case too.
    scene.scan();
    let now = assessed::now();
    let day = |hours: i64| {
        (now - jiff::SignedDuration::from_hours(hours))
            .strftime("%Y-%m-%d")
            .to_string()
    };
    format!("{}..{}", day(9 * 24), day(0))
}

fn document(scene: &Scene, framework: &str, format: &str, version: &str) -> Value {
    let export = ["assess", "export", framework, "--format", format];
    let text = scene.done(&[&export[..], &["--oscal-version", version]].concat());
    serde_json::from_str(&text).unwrap()
}

fn schemas(version: &str) -> Option<PathBuf> {
    let named = std::env::var_os("OSCAL_SCHEMAS").map(|folder| Path::new(&folder).join(version));
    named.or_else(|| shared::folder(&format!("oscal/{version}")))
}

/// Every finding of results: the control, its result here, and its state in OSCAL.
fn findings(results: &Value) -> Vec<(String, String, String)> {
    let result = &results["assessment-results"]["results"][0];
    let findings = result["findings"].as_array().unwrap();
    let property = |finding: &Value, name: &str| {
        let props = finding["props"].as_array().unwrap();
        let found = props.iter().find(|one| one["name"] == name).unwrap();
        found["value"].as_str().unwrap().to_owned()
    };
    findings
        .iter()
        .map(|one| {
            let state = one["target"]["status"]["state"].as_str().unwrap();
            (
                property(one, "control-id"),
                property(one, "result"),
                state.to_owned(),
            )
        })
        .collect()
}

#[test]
fn documents_are_nist_s_whatever_the_framework_and_the_names() {
    let folder = tempfile::tempdir().unwrap();
    let scene = &Scene::new(folder.path());
    let period = judged(scene);
    for framework in FRAMEWORKS {
        scene.assess(framework, framework, &period, &[]);
    }
    for (version, frameworks) in [
        ("1.1.2", &FRAMEWORKS[..1]),
        ("1.1.3", &FRAMEWORKS),
        ("1.2.1", &FRAMEWORKS[..1]),
    ] {
        let Some(schemas) = schemas(version) else {
            continue;
        };
        for (format, schema) in [
            ("oscal-ap", "oscal_assessment-plan_schema.json"),
            ("oscal-ar", "oscal_assessment-results_schema.json"),
        ] {
            let schema = std::fs::read(schemas.join(schema)).unwrap();
            let schema: Value = serde_json::from_slice(&schema).unwrap();
            let validator = jsonschema::validator_for(&schema).unwrap();
            for framework in frameworks {
                let mut document = document(scene, framework, format, version);
                let errors: Vec<String> = validator
                    .iter_errors(&document)
                    .take(5)
                    .map(|error| format!("{} {error:.200}", error.instance_path()))
                    .collect();
                assert!(
                    errors.is_empty(),
                    "{framework} {version} {format}: {errors:#?}"
                );
                // It would have told.
                let root = document.as_object_mut().unwrap().values_mut().next();
                root.unwrap()["uuid"] = Value::from("none");
                assert!(!validator.is_valid(&document));
            }
        }
    }
}

#[test]
fn only_what_was_seen_or_reviewed_is_satisfied_and_trestle_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let scene = &Scene::new(folder.path());
    let period = judged(scene);
    ingest(scene);
    scene.assess("soc2", "soc2", &period, &[]);
    std::fs::write(scene.folder.join("policy.pdf"), "policy").unwrap();
    for control in ["CC1.1", "CC1.2"] {
        let upload = [
            "assess",
            "upload",
            "soc2",
            "policy.pdf",
            "--by",
            "Ann",
            "--control",
            control,
        ];
        scene.done(&[upload.as_slice(), &["--note", "<script>*"]].concat());
    }
    scene.done(&[
        "assess",
        "review",
        "soc2",
        "--control",
        "CC1.1",
        "--by",
        "Bob",
    ]);
    scene.done(&[
        "assess",
        "review",
        "soc2",
        "--control",
        "CC1.3",
        "--status",
        "inactive",
        "--by",
        "Bob",
    ]);
    let export = || scene.done(&["assess", "export", "soc2", "--format", "oscal-ar"]);
    assert_eq!(export(), export(), "the same bytes again");
    let findings = findings(&document(scene, "soc2", "oscal-ar", "1.1.3"));
    let of = |id: &str| findings.iter().find(|(control, ..)| control == id);
    let word = |id: &str| of(id).map(|(_, result, state)| format!("{result} {state}"));
    assert_eq!(word("CC1.1").as_deref(), Some("manual-given satisfied"));
    assert_eq!(word("CC1.2").as_deref(), Some("manual-given not-satisfied"));
    assert_eq!(word("CC1.3"), None);
    assert_eq!(word("CC6.1").as_deref(), Some("failed not-satisfied"));
    assert!(findings.iter().any(|(_, result, _)| result == "unknown"));
    for (control, result, state) in &findings {
        let may = control == "CC1.1" || result == "passed";
        assert!(
            may || state == "not-satisfied",
            "{control} {result} {state}"
        );
    }

    told_of(&document(scene, "soc2", "oscal-ar", "1.1.3"));

    scene.done(&["assess", "export", "soc2", "--output", "a.zip"]);
    trestle_reads(&scene.folder.join("a.zip"), findings.len());
}

/// Two calls that CloudTrail told of today, by somebody whose name is in no results.
fn ingest(scene: &Scene) {
    let event = |id: &str, name: &str| {
        serde_json::json!({
            "eventVersion": "1.11", "eventID": id, "eventName": name,
            "eventTime": assessed::now().to_string(), "eventSource": "ec2.amazonaws.com",
            "awsRegion": "eu-west-1", "recipientAccountId": "123456789012", "readOnly": false,
            "requestParameters": {"groupId": "sg-1"}, "userIdentity": {"type": "AssumedRole",
                "arn": "arn:aws:sts::123456789012:assumed-role/Admin/jo@example.com"},
        })
    };
    let events = serde_json::json!({"Records": [
        event("e1", "AuthorizeSecurityGroupIngress"),
        event("e2", "RevokeSecurityGroupIngress"),
    ]});
    std::fs::write(scene.folder.join("events.json"), events.to_string()).unwrap();
    scene.done(&["events", "ingest", "events.json"]);
}

/// The observations of what nobody judged, and who links to them.
fn told_of(results: &Value) {
    assert!(!results.to_string().contains("jo@example.com"));
    let result = &results["assessment-results"]["results"][0];
    let titled = |title: &str| assessed::of(&result["observations"], "title", title)[0].clone();
    let activity = titled("User activity of CC6.6");
    let values = |observation: &Value, name: &str| {
        let found = assessed::of(&observation["props"], "name", name);
        let values = found
            .iter()
            .map(|one| one["value"].as_str().unwrap().to_owned());
        values.collect::<Vec<String>>()
    };
    assert_eq!(activity["methods"], serde_json::json!(["EXAMINE"]));
    assert_eq!(values(&activity, "calls"), ["2"]);
    assert_eq!(values(&activity, "days-with-events"), ["1"]);
    assert_eq!(values(&activity, "days"), ["10"]);
    let events = values(&activity, "event");
    assert!(
        events.contains(&"RevokeSecurityGroupIngress 1".to_owned()),
        "{events:?}"
    );
    // Never asked: it is told, and unknown.
    // Markup, in which an underscore is written so.
    let call = titled("API call iam\\_ListUsers");
    assert_eq!(values(&call, "turns-answered"), ["0"]);
    let missed = values(&call, "turn-missed").len().to_string();
    assert_eq!(values(&call, "turns"), [missed]);
    assert!(call["description"].as_str().unwrap().contains("is unknown"));
    let document = titled("Document policy.pdf");
    assert_eq!(document["methods"], serde_json::json!(["EXAMINE"]));
    for (control, observation) in [("CC6.6", &activity), ("CC6.1", &call), ("CC1.1", &document)] {
        let findings = result["findings"].as_array().unwrap();
        let finding = findings
            .iter()
            .find(|one| values(one, "control-id") == [control]);
        let related = &finding.unwrap()["related-observations"];
        let uuid = observation["uuid"].as_str().unwrap();
        assert_eq!(
            assessed::of(related, "observation-uuid", uuid).len(),
            1,
            "{control}"
        );
    }
}

fn trestle_reads(package: &Path, findings: usize) {
    let setup = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oscal/setup.sh");
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("trestle");
    let is_made = Command::new(setup).arg(&venv).status();
    if !is_made.is_ok_and(|status| status.success()) {
        // Not `eprintln!`, which the test harness hides where the test passes.
        let mut stderr = std::io::stderr();
        writeln!(
            stderr,
            "SKIPPED: compliance-trestle needs python3 with venv, pip and PyPI"
        )
        .unwrap();
        return;
    }
    let read = Command::new(venv.join("bin/python"))
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oscal/read.py"))
        .arg(package)
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&read.stderr);
    assert!(read.status.success(), "{error}");
    let count = String::from_utf8_lossy(&read.stdout).trim().to_owned();
    assert_eq!(count, findings.to_string());
}
