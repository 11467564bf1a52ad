//! Runs `posture scan` in every format and holds the outputs to their own rules and to each other.
//!
//! Oracles: the published JSON Schema of `posture.scan/v1` through the `jsonschema` crate, an XML
//! parser, OASIS's JSON Schema of SARIF 2.1.0, the `csv` crate.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use serde_json::Value;

use crate::command::posture;

pub(crate) const FORMATS: [&str; 8] = [
    "table", "json", "jsonl", "csv", "junit", "sarif", "html", "markdown",
];

const PACKS: [&str; 6] = [
    "hipaa-security",
    "pci-dss-4.0",
    "nist-800-53-r5",
    "cis-aws-v1.4-level-1",
    "cis-aws-v1.4-level-2",
    "nist-csf",
];

/// The outputs of one scan by format, each checked.
pub(crate) fn checked(paths: &[&str]) -> BTreeMap<&'static str, String> {
    let outputs: BTreeMap<&str, String> = FORMATS
        .into_iter()
        .map(|format| (format, scanned(paths, format)))
        .collect();
    let report = json(&outputs["json"]);
    lines(&outputs["jsonl"], &report);
    csv(&outputs["csv"], &report);
    junit(&outputs["junit"], &report);
    sarif(&outputs["sarif"], &report);
    html(&outputs["html"]);
    tables(&outputs["markdown"]);
    for format in ["table", "markdown", "html"] {
        inert(format, &outputs[format]);
    }
    outputs
}

/// A scan with all six packs, in this format.
pub(crate) fn scanned(paths: &[&str], format: &str) -> String {
    let mut arguments = vec!["scan", "--as-of", "2026-06-01", "--format", format];
    for pack in PACKS {
        arguments.extend(["--pack", pack]);
    }
    arguments.extend(paths);
    let run = posture(&arguments);
    let stderr = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(1), "{format}: {stderr}");
    assert!(!stderr.contains("panicked"), "{format}: {stderr}");
    String::from_utf8(run.stdout).unwrap()
}

fn json(text: &str) -> Value {
    let report: Value = serde_json::from_str(text).unwrap();
    let schema = posture(&["schema", "scan"]).stdout;
    let schema: Value = serde_json::from_slice(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&report)
        .take(5)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    report
}

fn evaluations(report: &Value) -> &[Value] {
    report["evaluations"].as_array().unwrap()
}

fn lines(text: &str, report: &Value) {
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines, evaluations(report));
}

fn csv(text: &str, report: &Value) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns = reader.headers().unwrap().clone();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), evaluations(report).len());
    for (record, evaluation) in records.iter().zip(evaluations(report)) {
        for (column, cell) in columns.iter().zip(record) {
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{column} is a formula: {cell:?}"
            );
            if let Some(text) = evaluation[column].as_str() {
                assert_eq!(
                    cell.strip_prefix('\'').unwrap_or(cell),
                    text.strip_prefix('\'').unwrap_or(text)
                );
            }
        }
    }
}

fn counted(report: &Value, compliance_type: &str) -> usize {
    let is_counted = |evaluation: &&Value| {
        evaluation["complianceType"] == compliance_type && evaluation["disposition"] == "counted"
    };
    evaluations(report).iter().filter(is_counted).count()
}

fn junit(text: &str, report: &Value) {
    let document = roxmltree::Document::parse(text).unwrap();
    let count = |name: &str| {
        let elements = document.descendants();
        elements.filter(|node| node.has_tag_name(name)).count()
    };
    assert_eq!(count("testcase"), evaluations(report).len());
    assert_eq!(count("failure"), counted(report, "NON_COMPLIANT"));
    assert_eq!(count("error"), counted(report, "INSUFFICIENT_DATA"));
    for suite in document
        .descendants()
        .filter(|node| node.has_attribute("tests"))
    {
        for (attribute, element) in [
            ("tests", "testcase"),
            ("failures", "failure"),
            ("errors", "error"),
            ("skipped", "skipped"),
        ] {
            assert_eq!(
                suite.attribute(attribute),
                Some(&*count(element).to_string())
            );
        }
    }
}

fn sarif(text: &str, report: &Value) {
    let log: Value = serde_json::from_str(text).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let told = evaluations(report).iter().filter(|evaluation| {
        evaluation["disposition"] != "excluded"
            && (evaluation["complianceType"] == "NON_COMPLIANT"
                || evaluation["complianceType"] == "INSUFFICIENT_DATA")
    });
    assert_eq!(results.len(), told.count());
    let rules = log["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    for result in results {
        assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]));
        // SARIF 2.1.0, 3.27.10: a result that is no failure has no level.
        assert_eq!(result["kind"] == "fail", result["level"] != "none");
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
    }
    let Some(schema) = sarif_schema() else { return };
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&log)
        .take(5)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

/// OASIS's schema, where somebody put it: see `tests/oracles/rules/README.md`.
fn sarif_schema() -> Option<Value> {
    let name = "target/oracles/sarif-schema-2.1.0.json";
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(name);
    let text = std::fs::read_to_string(path);
    if text.is_err() {
        let mut stderr = std::io::stderr();
        writeln!(stderr, "SKIPPED: {name} is absent").unwrap();
    }
    Some(serde_json::from_str(&text.ok()?).unwrap())
}

/// One file that fetches nothing, with the one script and the one style that are ours.
fn html(text: &str) {
    assert_eq!(text.matches("<script").count(), 1);
    assert_eq!(text.matches("<style").count(), 1);
    for element in ["style", "script"] {
        let begin = text.find(&format!("<{element}")).unwrap();
        let end = text.rfind(&format!("</{element}>")).unwrap();
        let ours = text.get(begin..end).unwrap();
        for address in ["//", "url(", "@import", "fetch", "XMLHttpRequest", "</"] {
            let is_comment = address == "//" && !ours.contains("://");
            assert!(
                is_comment || !ours.contains(address),
                "{element} has {address}"
            );
        }
    }
    for (element, attribute) in attributes(text) {
        let is_known = matches!(
            attribute,
            "lang"
                | "charset"
                | "name"
                | "content"
                | "class"
                | "id"
                | "style"
                | "datetime"
                | "title"
                | "hidden"
                | "open"
                | "scope"
                | "role"
                | "type"
                | "placeholder"
                | "value"
                | "for"
        );
        assert!(
            is_known || attribute.starts_with("data-") || attribute.starts_with("aria-"),
            "{element} has the attribute {attribute}"
        );
    }
}

/// The attributes of every tag, with their elements.
fn attributes(text: &str) -> Vec<(&str, &str)> {
    let mut attributes = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (name, after) = word(rest.get(at + 1..).unwrap());
        // Scripts hold `<` as well.
        let Some(after) = after.filter(|_| !name.is_empty()) else {
            rest = rest.get(at + 1..).unwrap();
            continue;
        };
        rest = after;
        loop {
            rest = rest.trim_start();
            let (attribute, after) = word(rest);
            let Some(after) = after.filter(|_| !attribute.is_empty()) else {
                break;
            };
            attributes.push((name, attribute));
            rest = after;
            if let Some(value) = rest.strip_prefix("=\"") {
                rest = value.split_once('"').unwrap().1;
            } else {
                assert!(
                    !rest.starts_with('='),
                    "{attribute} has a value without quotes"
                );
            }
        }
    }
    attributes
}

/// The letters and hyphens at the beginning, and what follows.
fn word(text: &str) -> (&str, Option<&str>) {
    let is_other = |letter: char| !letter.is_ascii_alphanumeric() && letter != '-';
    let end = text.find(is_other).unwrap_or(text.len());
    (text.get(..end).unwrap(), text.get(end..))
}

/// Every row of a table has as many cells as its head.
fn tables(text: &str) {
    let mut width = None;
    for line in text.lines() {
        if !line.starts_with('|') {
            width = None;
            continue;
        }
        let cells = line
            .replace("\\\\", "")
            .replace("\\|", "")
            .matches('|')
            .count();
        assert_eq!(*width.get_or_insert(cells), cells, "{line}");
    }
}

/// What a name may not carry into what a person reads: control characters, and Unicode's that turn
/// the direction of text around (UTS 55, "Trojan source").
fn inert(format: &str, text: &str) {
    let steers = |letter: &char| {
        (letter.is_control() && *letter != '\n')
            || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let found: String = text.chars().filter(steers).collect();
    assert!(found.is_empty(), "{format} has {found:?}");
}
