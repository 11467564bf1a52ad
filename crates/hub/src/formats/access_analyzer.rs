//! IAM Access Analyzer, as its events and API write findings.
//!
//! As Security Hub has them: access-analyzer-securityhub-integration.html.

use serde_json::{Value, json};

use super::Draft;
use super::draft::{asff_type, resource};
use super::value::{at, text, time};
use crate::finding::{Finding, Object};

pub(super) fn is_one(value: &Value) -> bool {
    let has = |name: &str| at(value, &[name]).is_some();
    has("analyzedAt") && has("resourceType") && has("status")
}

pub(super) fn finding(value: &Value, event: Option<&Value>) -> Result<Finding, String> {
    let resource_arn = text(value, &["resource"]);
    let config_type = text(value, &["resourceType"]);
    let kind = asff_type(config_type);
    let of_event = |name: &str| event.map_or("", |event| text(event, &[name]));
    let region = [
        text(value, &["region"]),
        of_event("region"),
        resource_arn.split(':').nth(3).unwrap_or_default(),
    ]
    .into_iter()
    .find(|region| !region.is_empty())
    .unwrap_or("us-east-1");
    let account = [
        text(value, &["accountId"]),
        text(value, &["resourceOwnerAccount"]),
    ]
    .into_iter()
    .find(|account| !account.is_empty())
    .unwrap_or_default();
    // Security Hub's id is the analyzer's ARN with the resource; the API doesn't name the analyzer.
    let analyzer = event.and_then(|event| event.pointer("/resources/0"));
    let id = match analyzer.and_then(Value::as_str) {
        Some(analyzer) => format!("{analyzer}/{resource_arn}"),
        None => text(value, &["id"]).to_owned(),
    };
    let is_public = at(value, &["isPublic"]).and_then(Value::as_bool) == Some(true);
    let failed = text(value, &["error"]);
    let title = match (failed.is_empty(), is_public) {
        (false, _) => format!("{kind}/{resource_arn} could not be analyzed: {failed}"),
        (true, true) => format!("{kind}/{resource_arn} allows public access"),
        (true, false) => format!("{kind}/{resource_arn} allows access from outside"),
    };
    let shown = |name: &str| {
        at(value, &[name]).map_or(String::new(), |value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    };
    let mut about = resource(kind, resource_arn, region);
    let other: Object = [
        ("External Principal", "principal"),
        ("Action Granted", "action"),
        ("Condition", "condition"),
    ]
    .into_iter()
    .map(|(name, member)| (name.to_owned(), json!(shown(member))))
    .filter(|(_, text)| text != "")
    .collect();
    if let Some(members) = about.as_object_mut()
        && !other.is_empty()
    {
        members.insert("Details".to_owned(), json!({"Other": other}));
    }
    Draft {
        product: "aws/access-analyzer",
        product_name: "IAM Access Analyzer".to_owned(),
        id,
        generator_id: "aws/access-analyzer".to_owned(),
        account_id: account.to_owned(),
        aws_region: region.to_owned(),
        types: vec![
            "Software and Configuration Checks/AWS Security Best Practices/External Access Granted"
                .to_owned(),
        ],
        created_at: time(at(value, &["createdAt"])),
        updated_at: time(at(value, &["updatedAt"])).or_else(|| time(at(value, &["analyzedAt"]))),
        severity: json!({"Label": if is_public { "HIGH" } else { "LOW" }}),
        description: format!("{title}. Principal: {}", shown("principal")),
        title,
        resources: vec![about],
        is_archived: text(value, &["status"]) != "ACTIVE"
            || at(value, &["isDeleted"]).and_then(Value::as_bool) == Some(true),
        ..Draft::default()
    }
    .finding()
}
