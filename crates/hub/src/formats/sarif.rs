//! SARIF 2.1.0: results of code scanners. It has no account: `000000000000` stands for it where no
//! ARN names one. A run without a time is of the time of its import.
//!
//! Source: OASIS, Static Analysis Results Interchange Format 2.1.0, sections 3.14, 3.27, 3.49.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Draft;
use super::draft::{OTHER, resource};
use super::value::{at, list, text, time, written};
use crate::finding::{Finding, Object, identity};

const NO_ACCOUNT: &str = "000000000000";

pub(super) fn findings(value: &Value, now: Timestamp) -> Result<Vec<Finding>, String> {
    let mut findings = Vec::new();
    for run in list(value, &["runs"]) {
        let tool = text(run, &["tool", "driver", "name"]);
        let ended = list(run, &["invocations"])
            .iter()
            .find_map(|invocation| time(at(invocation, &["endTimeUtc"])));
        let at_time = ended.unwrap_or_else(|| written(now));
        for result in list(run, &["results"]) {
            findings.push(finding(run, tool, &at_time, result)?);
        }
    }
    Ok(findings)
}

fn finding(run: &Value, tool: &str, at_time: &str, result: &Value) -> Result<Finding, String> {
    let rule = rule(run, result);
    let rule_id = [
        text(result, &["ruleId"]),
        text(result, &["rule", "id"]),
        rule.map_or("", |rule| text(rule, &["id"])),
    ]
    .into_iter()
    .find(|id| !id.is_empty())
    .unwrap_or_default();
    let place = list(result, &["locations"]).first();
    let in_place = |path: &[&str]| place.map_or("", |place| text(place, path));
    let uri = in_place(&["physicalLocation", "artifactLocation", "uri"]);
    let logical = place.and_then(|place| list(place, &["logicalLocations"]).first());
    let about = logical
        .map(|logical| text(logical, &["fullyQualifiedName"]))
        .filter(|name| !name.is_empty())
        .unwrap_or(uri);
    let line = place
        .and_then(|place| at(place, &["physicalLocation", "region", "startLine"]))
        .map_or(String::new(), Value::to_string);
    let message = text(result, &["message", "text"]);
    let fingerprint = ["fingerprints", "partialFingerprints"]
        .iter()
        .find_map(|name| at(result, &[name])?.as_object()?.values().next()?.as_str());
    let unique = fingerprint.map_or_else(|| format!("{uri}\n{line}\n{message}"), str::to_owned);
    let hash = u128::from_be_bytes(identity(&format!("{tool}\n{rule_id}\n{about}"), &unique));
    let arn = about.strip_prefix("arn:").map(|_| about);
    let part = |part: usize| {
        arn.and_then(|arn| arn.split(':').nth(part))
            .filter(|part| !part.is_empty())
    };
    let status = match text(result, &["kind"]) {
        "pass" => "PASSED",
        "" | "fail" => "FAILED",
        "notApplicable" | "informational" => "NOT_AVAILABLE",
        _ => "WARNING",
    };
    let mut more = Object::new();
    let is_accepted = |one: &Value| matches!(text(one, &["status"]), "" | "accepted");
    if list(result, &["suppressions"]).iter().any(is_accepted) {
        more.insert("Workflow".to_owned(), json!({"Status": "SUPPRESSED"}));
    }
    let mut product_fields = Object::new();
    if !uri.is_empty() {
        product_fields.insert("sarif/location".to_owned(), json!(format!("{uri}:{line}")));
    }
    let short = rule.map_or("", |rule| text(rule, &["shortDescription", "text"]));
    Draft {
        product: OTHER,
        product_name: tool.to_owned(),
        id: format!("sarif/{tool}/{rule_id}/{hash:032x}"),
        generator_id: if rule_id.is_empty() { tool } else { rule_id }.to_owned(),
        account_id: part(4).unwrap_or(NO_ACCOUNT).to_owned(),
        aws_region: part(3).unwrap_or("us-east-1").to_owned(),
        types: vec!["Software and Configuration Checks".to_owned()],
        updated_at: Some(at_time.to_owned()),
        severity: severity(result, rule),
        title: if short.is_empty() { message } else { short }.to_owned(),
        description: message.to_owned(),
        source_url: rule.map_or("", |rule| text(rule, &["helpUri"])).to_owned(),
        resources: vec![resource("Other", about, "")],
        compliance: Some(json!({"Status": status})),
        product_fields,
        more,
        ..Draft::default()
    }
    .finding()
}

fn rule<'v>(run: &'v Value, result: &Value) -> Option<&'v Value> {
    let rules = list(run, &["tool", "driver", "rules"]);
    let index = at(result, &["ruleIndex"]).and_then(Value::as_u64);
    let by_index = index.and_then(|index| rules.get(usize::try_from(index).ok()?));
    let id = text(result, &["ruleId"]);
    by_index.or_else(|| rules.iter().find(|rule| text(rule, &["id"]) == id))
}

/// GitHub's `security-severity`, 0 to 10, where there is one; else the level.
fn severity(result: &Value, rule: Option<&Value>) -> Value {
    let score = rule.and_then(|rule| at(rule, &["properties", "security-severity"]));
    let score = score.and_then(|score| match score {
        Value::String(text) => text.parse().ok(),
        other => other.as_f64(),
    });
    if let Some(score) = score {
        let score: f64 = score;
        return json!({"Normalized": (score * 10.0).round()});
    }
    let of_rule = rule.map_or("", |rule| text(rule, &["defaultConfiguration", "level"]));
    let level = [text(result, &["level"]), of_rule, "warning"];
    let label = match level.into_iter().find(|level| !level.is_empty()) {
        Some("error") => "HIGH",
        Some("note") => "LOW",
        Some("none") => "INFORMATIONAL",
        _ => "MEDIUM",
    };
    json!({"Label": label})
}
