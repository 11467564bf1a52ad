//! Names that want to be something else: markup, formulas, commands to a terminal.
//!
//! Oracles: OWASP's lists (CSV injection, XSS), Unicode's "Trojan source" (UTS 55), and those of
//! `outputs`.

#![expect(clippy::unwrap_used, reason = "a test")]

mod command;
mod outputs;

use std::path::Path;

use serde_json::{Value, json};

const HOSTILE: [&str; 20] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</td></tr></table><h1>",
    "</script><script>alert(1)</script>",
    "]]><!--&lt;&amp;&#60;",
    "=HYPERLINK(\"http://example.com\",\"x\")",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "a\u{1b}[2J\u{7}\u{8}\u{0}b",
    "abc\u{202e}gnp.exe\u{2066}\u{200f}",
    "a|b`c`*d*_e_[f](javascript:g)!h\\|\\",
    "line\nbreak\r\n# heading\n| a | b |",
    "```\n::error::x",
    "\u{feff}\u{fffe}\u{ffff}",
    "💥é\u{301}\u{85}\u{2028}\u{2029}\u{9b}31m",
    " ",
];

fn item(id: &str, resource_type: &str) -> Value {
    json!({
        "accountId": "111122223333", "awsRegion": "us-east-1", "resourceType": resource_type,
        "resourceId": id, "resourceName": id, "arn": format!("arn:aws:s3:::{id}"),
        "configurationItemStatus": "OK", "configurationItemCaptureTime": "2026-01-01T00:00:00Z",
        "tags": {id: id}, "relationships": [],
        "configuration": {"name": id, "type": id, "engine": id, "encrypted": id},
        "supplementaryConfiguration": {
            "BucketVersioningConfiguration": {"status": id},
            "BucketPolicy": {"policyText": json!({"Statement": [{
                "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": id,
            }]}).to_string()},
        },
        "unread": [{"path": "configuration.state", "state": "denied", "action": id, "code": id}],
    })
}

/// A file whose own name is hostile as well.
fn hostile_file() -> String {
    let long = "x".repeat(10_000);
    let mut names: Vec<&str> = HOSTILE.to_vec();
    names.push(&long);
    let types = [
        "AWS::S3::Bucket",
        "AWS::EC2::Volume",
        "AWS::RDS::DBInstance",
        "AWS::IAM::User",
    ];
    let mut lines: Vec<String> = Vec::new();
    for name in names {
        lines.extend(types.map(|resource_type| item(name, resource_type).to_string()));
        let mut elsewhere = item("elsewhere", "AWS::S3::Bucket");
        elsewhere["accountId"] = json!(name);
        elsewhere["awsRegion"] = json!(name);
        lines.push(elsewhere.to_string());
    }
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("=hostile\u{202e} <b>&\"'`|.json");
    std::fs::write(&path, lines.join("\n")).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_hostile_name_stays_a_name_in_every_format() {
    let path = hostile_file();
    let outputs = outputs::checked(&[&path]);
    for format in outputs::FORMATS {
        let again = outputs::scanned(&[&path], format);
        assert!(outputs[format] == again, "{format} differs");
    }
    for markup in ["<img", "onerror=alert(1)>", "<h1>P</h1><h1>"] {
        assert!(!outputs["html"].contains(markup), "{markup}");
    }
    let report: Value = serde_json::from_str(&outputs["json"]).unwrap();
    let evaluations = report["evaluations"].as_array().unwrap();
    for name in HOSTILE {
        let is_there = |evaluation: &Value| evaluation["resourceId"] == name;
        assert!(evaluations.iter().any(is_there), "{name:?} is lost");
    }
    for evaluation in evaluations {
        let annotation = evaluation["annotation"].as_str().unwrap();
        assert!(annotation.chars().count() <= 256, "{annotation}");
    }
}
