//! An account whose names, tags and policies want to be something else: markup, formulas, commands
//! to a terminal, paths, SQL. `formats.rs` has the same of files.
//!
//! Oracles: moto; OWASP's lists (CSV injection, XSS); the `csv` crate; `serde_json`. Without Python
//! and PyPI the test is skipped, loudly.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test")]

#[path = "command/aws.rs"]
mod aws;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;

use std::path::Path;

use moto::Moto;
use serde_json::{Value, json};

const HOSTILE: [&str; 14] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "=HYPERLINK(\"http://example.com\",\"x\")",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "a\u{1b}[2J\u{7}b",
    "abc\u{202e}gnp.exe",
    "line\nbreak\r\n| a | b |",
    "../../escaped",
    "'; DROP TABLE items; --",
    "%s%n{}${jndi:ldap://x}$(touch escaped)`touch escaped`",
    "🦀é|*_[f](javascript:g)",
];

const FORMATS: [&str; 8] = [
    "table", "json", "jsonl", "csv", "junit", "sarif", "html", "markdown",
];

struct Said {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn posture(url: &str, folder: &Path, arguments: &[&str]) -> Said {
    let run = aws::posture(url)
        .args(arguments)
        .current_dir(folder)
        .env("AWS_MAX_ATTEMPTS", "1")
        .output()
        .unwrap();
    let said = Said {
        code: run.status.code(),
        stdout: String::from_utf8(run.stdout).unwrap(),
        stderr: String::from_utf8(run.stderr).unwrap(),
    };
    assert!(!said.stderr.contains("panicked"), "{}", said.stderr);
    inert("stderr", &said.stderr);
    said
}

/// Nothing that steers a terminal or turns text around.
fn inert(place: &str, text: &str) {
    let steers = |letter: &char| {
        letter.is_control() && *letter != '\n'
            || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let found: String = text.chars().filter(steers).collect();
    assert!(found.is_empty(), "{place} has {found:?}");
}

/// No cell is a formula; how many rows there are.
fn csv(place: &str, text: &str) -> usize {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    for cell in rows.iter().flatten() {
        assert!(
            !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
            "{place} has the formula {cell:?}"
        );
    }
    rows.len() - 1
}

fn html(text: &str) {
    assert_eq!(text.matches("<script").count(), 1);
    for markup in ["<img", "alert(1)</script>"] {
        assert!(!text.contains(markup), "{markup}");
    }
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// A server with the account; what went into it, by kind.
fn seeded() -> Option<(Moto, Value)> {
    let moto = Moto::start()?;
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile/seed.py");
    let seeded = moto
        .python()
        .arg(seed)
        .arg(moto.address())
        .arg(json!(HOSTILE).to_string())
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&seeded.stderr);
    assert!(seeded.status.success(), "{error}");
    let made = parsed(&String::from_utf8(seeded.stdout).unwrap());
    Some((moto, made))
}

const INVENTORY: [&str; 4] = ["inventory", "--state", "state", "--format"];

#[test]
fn a_hostile_account_stays_data() {
    let Some((moto, made)) = seeded() else { return };
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().join("one/two");
    std::fs::create_dir_all(&folder).unwrap();
    let run = |arguments: &[&str]| posture(&moto.address(), &folder, arguments);
    let recorded = run(&[
        "record",
        "--aws",
        "--all",
        "--region=us-east-1",
        "--state=state",
        "--log-format=json",
    ]);
    assert!(matches!(recorded.code, Some(0 | 3)), "{}", recorded.stderr);

    let count = listed(&run, &made);
    scanned(&run);
    timelines(&run);
    inert("doctor", &run(&["doctor", "--state", "state"]).stdout);

    // Nothing was dropped, and nothing written but the state.
    assert_eq!(listed(&run, &made), count);
    let names = |path: &Path| -> Vec<String> {
        let entries = std::fs::read_dir(path).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect()
    };
    assert_eq!(names(&folder), ["state"]);
    assert_eq!(names(temporary.path()), ["one"]);
    assert_eq!(names(&temporary.path().join("one")), ["two"]);
}

/// The inventory in every form; how many resources it has.
fn listed(run: &impl Fn(&[&str]) -> Said, made: &Value) -> usize {
    let shown = run(&[&INVENTORY[..], &["json"]].concat());
    let shown = parsed(&shown.stdout);
    let resources = shown["resources"].as_array().unwrap();
    for (kind, resource_type) in [
        ("secret", "AWS::SecretsManager::Secret"),
        ("alarm", "AWS::CloudWatch::Alarm"),
        ("table", "AWS::DynamoDB::Table"),
    ] {
        for name in made[kind].as_array().unwrap() {
            let is_there = resources.iter().any(|resource| {
                resource["resourceType"] == resource_type && resource["resourceName"] == *name
            });
            assert!(is_there, "{kind} {name} is lost");
        }
    }
    let table = run(&[&INVENTORY[..], &["table"]].concat());
    inert("inventory", &table.stdout);
    let rows = run(&[&INVENTORY[..], &["csv"]].concat());
    assert_eq!(csv("inventory", &rows.stdout), resources.len());
    let counted = [&INVENTORY[..3], &["--count-by", "tag:Name", "--format"]].concat();
    inert("counts", &run(&[&counted[..], &["table"]].concat()).stdout);
    csv("counts", &run(&[&counted[..], &["csv"]].concat()).stdout);
    resources.len()
}

/// What is asked for by a hostile name is found by it.
fn timelines(run: &impl Fn(&[&str]) -> Said) {
    let timeline = ["timeline", "--state", "state", "--format"];
    for name in HOSTILE {
        let said = run(&[&timeline[..], &["table", "--", name]].concat());
        inert("timeline", &said.stdout);
        let only = ["json", "--type", "AWS::SecretsManager::Secret", "--", name];
        let said = run(&[&timeline[..], &only].concat());
        assert_eq!(said.code, Some(0), "{name:?}: {}", said.stderr);
        assert!(parsed(&said.stdout)["entries"].is_array());
        let tag = format!("Name={name}");
        let said = run(&[&INVENTORY[..], &["json", "--tag", &tag]].concat());
        let found = parsed(&said.stdout)["resources"].as_array().unwrap().len();
        assert!(found >= 1, "{name:?} is not found by its tag");
    }
}

/// A scan of what is recorded, in every format.
fn scanned(run: &impl Fn(&[&str]) -> Said) {
    let packs = [
        "--pack",
        "nist-800-53-r5",
        "--pack",
        "pci-dss-4.0",
        "--pack",
        "hipaa-security",
    ];
    let scan = [&["scan", "--state", "state"][..], &packs, &["--format"]].concat();
    let mut evaluations = 0;
    for format in FORMATS {
        let said = run(&[&scan[..], &[format]].concat());
        assert!(matches!(said.code, Some(1 | 3)), "{}", said.stderr);
        match format {
            "json" => {
                let report = parsed(&said.stdout);
                evaluations = report["evaluations"].as_array().unwrap().len();
                // The statements of the buckets' policies are told, so that their words are here.
                assert!(said.stdout.contains("<script>") || said.stdout.contains("\\u003cscript"));
            }
            "jsonl" => {
                let lines = said.stdout.lines().map(parsed);
                assert_eq!(lines.count(), evaluations);
            }
            "csv" => assert_eq!(csv("scan", &said.stdout), evaluations),
            "junit" => drop(roxmltree::Document::parse(&said.stdout).unwrap()),
            "sarif" => drop(parsed(&said.stdout)),
            "html" => {
                html(&said.stdout);
                inert("html", &said.stdout);
            }
            _ => inert(format, &said.stdout),
        }
    }
    assert!(evaluations > 50);
}
