//! SARIF 2.1.0 (OASIS): failures as `fail`, checks that could not run as `open`.

use std::collections::BTreeMap;
use std::io::Write;

use posture_engine::{Disposition, Outline, Row, RuleResult, Scan, ScanError};
use posture_rules::ComplianceType;
use serde_json::{Value, json};

pub(crate) fn write(scan: &Scan<'_>, out: &mut dyn Write) -> Result<(), ScanError> {
    let mut rules: BTreeMap<&str, &RuleResult> = BTreeMap::new();
    for rule in &scan.rules {
        rules.entry(&rule.rule_name).or_insert(rule);
    }
    let described: Vec<Value> = rules.values().map(|rule| describe(rule)).collect();
    let head = format!(
        "{{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\
         \"runs\":[{{\"tool\":{{\"driver\":{{\"name\":\"posture\",\"version\":\"{}\",\
         \"rules\":{}}}}},\"results\":[",
        env!("CARGO_PKG_VERSION"),
        Value::Array(described)
    );
    out.write_all(head.as_bytes()).map_err(ScanError::Output)?;
    let first = scan
        .outlines()
        .find(is_result)
        .map(|outline| outline.number);
    let rows = |row: &Row<'_>, text: &mut Vec<u8>| {
        if Some(row.number) != first {
            text.extend_from_slice(b",");
        }
        text.extend(format!("\n{}", result(row)).into_bytes());
    };
    scan.write_rows(&is_result, &rows, out)?;
    out.write_all(b"]}]}\n").map_err(ScanError::Output)
}

fn is_result(outline: &Outline<'_>) -> bool {
    let tells = matches!(
        outline.compliance_type,
        ComplianceType::NonCompliant | ComplianceType::InsufficientData
    );
    tells && outline.disposition != Disposition::Excluded
}

fn describe(rule: &RuleResult) -> Value {
    json!({
        "id": rule.rule_name,
        "shortDescription": {"text": rule.title},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {
            "security-severity": security_severity(rule.severity),
            "tags": ["security", "aws"],
            "sourceIdentifier": rule.source_identifier,
        },
    })
}

fn result(row: &Row<'_>) -> Value {
    let item = row.item;
    let is_failure = row.compliance_type == ComplianceType::NonCompliant;
    let name = item.arn().unwrap_or(item.resource_id());
    let mut result = json!({
        "ruleId": row.rule.rule_name,
        "kind": if is_failure { "fail" } else { "open" },
        "level": if is_failure { level(row.severity.as_str()) } else { "none" },
        "message": {"text": format!("{} {}: {}", item.type_name(), item.resource_id(), row.annotation())},
        "locations": [{
            "physicalLocation": {
                "artifactLocation": {"uri": uri(row.input)},
                "region": {"byteOffset": row.offset, "byteLength": row.length},
            },
            "logicalLocations": [{"fullyQualifiedName": name, "kind": "resource"}],
        }],
        "partialFingerprints": {"evaluationId/v1": row.evaluation_id()},
        "properties": {
            "accountId": item.account_id(), "awsRegion": item.aws_region(),
            "resourceType": item.type_name(), "packs": row.rule.packs,
        },
    });
    if let (Some(exception), Some(members)) = (row.exception, result.as_object_mut()) {
        let suppression = json!([{
            "kind": "external", "status": "accepted",
            "justification": format!("{} ({}, until {}): {}",
                exception.name, exception.owner, exception.expires, exception.reason),
        }]);
        members.insert("suppressions".to_owned(), suppression);
    }
    result
}

fn level(severity: &str) -> &'static str {
    match severity {
        "critical" | "high" => "error",
        "medium" => "warning",
        _ => "note",
    }
}

/// GitHub's scale, on which code scanning sorts: over 9 critical, over 7 high, over 4 medium.
fn security_severity(severity: &str) -> &'static str {
    match severity {
        "critical" => "9.5",
        "high" => "8.0",
        "medium" => "5.5",
        _ => "2.0",
    }
}

/// A relative reference of RFC 3986, as SARIF asks for.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            byte => uri.extend(format!("%{byte:02X}").chars()),
        }
    }
    uri
}
