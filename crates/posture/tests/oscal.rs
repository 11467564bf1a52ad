//! OSCAL of assessments: `assess export`, and what is in a package.
//!
//! Oracles: NIST's JSON schemas, in `../shared/data/oscal/VERSION/` or under the folder that
//! `OSCAL_SCHEMAS` names; compliance-trestle, which the test installs. What isn't there is skipped,
//! loudly.

#![expect(clippy::unwrap_used, reason = "a test")]

mod shared;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn posture(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_posture"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap()
}

fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = posture(folder, &[arguments, &["--state", "state"]].concat());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

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

/// A state in which a bucket was judged today, and nothing was in the nine days before.
fn judged(folder: &Path) -> String {
    std::fs::create_dir(folder.join("state")).unwrap();
    let key = ["keys", "new", "evidence.example/log", "--file", "state.key"];
    assert!(posture(folder, &key).status.success());
    std::fs::write(folder.join("items.json"), text(" b\\n*]( ")).unwrap();
    done(folder, &["record", "items.json"]);
    // Of the other frameworks, rules that were never evaluated are a case too.
    let scan = ["scan", "--state", "state", "--pack=framework:soc2"];
    assert_eq!(posture(folder, &scan).status.code(), Some(1));
    #[expect(
        clippy::disallowed_methods,
        reason = "the command reads the wall clock too"
    )]
    let now = jiff::Timestamp::now();
    let day = |hours: i64| {
        (now - jiff::SignedDuration::from_hours(hours))
            .strftime("%Y-%m-%d")
            .to_string()
    };
    format!("{}..{}", day(9 * 24), day(0))
}

fn assessed(folder: &Path, framework: &str, period: &str) {
    let people = ["--owner", "Ann <b>*", "--by", "Ann"];
    let new = [
        "assess",
        "new",
        framework,
        "--framework",
        framework,
        "--period",
        period,
    ];
    done(folder, &[new.as_slice(), &people].concat());
}

fn document(folder: &Path, framework: &str, format: &str, version: &str) -> Value {
    let export = [
        "assess",
        "export",
        framework,
        "--format",
        format,
        "--oscal-version",
        version,
    ];
    serde_json::from_str(&done(folder, &export)).unwrap()
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
    let folder = folder.path();
    let period = judged(folder);
    for framework in FRAMEWORKS {
        assessed(folder, framework, &period);
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
                let mut document = document(folder, framework, format, version);
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
    let folder = folder.path();
    let period = judged(folder);
    assessed(folder, "soc2", &period);
    std::fs::write(folder.join("policy.pdf"), "policy").unwrap();
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
        done(
            folder,
            &[upload.as_slice(), &["--note", "<script>*"]].concat(),
        );
    }
    done(
        folder,
        &[
            "assess",
            "review",
            "soc2",
            "--control",
            "CC1.1",
            "--by",
            "Bob",
        ],
    );
    done(
        folder,
        &[
            "assess",
            "review",
            "soc2",
            "--control",
            "CC1.3",
            "--status",
            "inactive",
            "--by",
            "Bob",
        ],
    );
    let export = || {
        done(
            folder,
            &["assess", "export", "soc2", "--format", "oscal-ar"],
        )
    };
    assert_eq!(export(), export(), "the same bytes again");
    let findings = findings(&document(folder, "soc2", "oscal-ar", "1.1.3"));
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

    done(folder, &["assess", "export", "soc2", "--output", "a.zip"]);
    trestle_reads(&folder.join("a.zip"), findings.len());
}

fn trestle_reads(package: &Path, findings: usize) {
    let setup = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oscal/setup.sh");
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("trestle");
    let is_made = Command::new(setup).arg(&venv).status();
    if !is_made.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: compliance-trestle needs python3 with venv, pip and PyPI");
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
