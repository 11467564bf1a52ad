//! AWS Config's event of a rule whose result changed.

use posture_content::standards;
use serde_json::{Value, json};

use super::Draft;
use super::draft::{asff_type, resource};
use super::value::{at, text, time};
use crate::finding::{Finding, Object};

pub(super) fn finding(event: &Value) -> Result<Finding, String> {
    let detail = event.get("detail").unwrap_or(event);
    let of = |name: &str| text(detail, &[name]);
    let (rule, resource_type, resource_id) =
        (of("configRuleName"), of("resourceType"), of("resourceId"));
    let account = [of("awsAccountId"), text(event, &["account"])]
        .into_iter()
        .find(|account| !account.is_empty())
        .unwrap_or_default();
    let region = [of("awsRegion"), text(event, &["region"])]
        .into_iter()
        .find(|region| !region.is_empty())
        .unwrap_or_default();
    let result = at(detail, &["newEvaluationResult"]).unwrap_or(detail);
    let word = text(result, &["complianceType"]);
    let (status, is_archived) = match word {
        "COMPLIANT" => ("PASSED", false),
        "NON_COMPLIANT" => ("FAILED", false),
        "NOT_APPLICABLE" => ("NOT_AVAILABLE", true),
        "INSUFFICIENT_DATA" => ("WARNING", false),
        other => {
            return Err(format!(
                "complianceType is {other:?}, which AWS Config has not"
            ));
        }
    };
    let mut compliance = json!({"Status": status});
    if let (Some(control), Some(members)) = (control(rule), compliance.as_object_mut()) {
        members.insert("SecurityControlId".to_owned(), json!(control));
    }
    let mut product_fields = Object::new();
    for (name, text) in [
        ("aws/config/ConfigRuleArn", of("configRuleARN")),
        ("aws/securityhub/annotation", text(result, &["annotation"])),
    ] {
        if !text.is_empty() {
            product_fields.insert(name.to_owned(), json!(text));
        }
    }
    Draft {
        product: "aws/config",
        product_name: "Config".to_owned(),
        id: format!("config-rule/{rule}/{account}/{region}/{resource_type}/{resource_id}"),
        generator_id: rule.to_owned(),
        account_id: account.to_owned(),
        aws_region: region.to_owned(),
        types: vec!["Software and Configuration Checks".to_owned()],
        updated_at: time(at(detail, &["notificationCreationTime"]))
            .or_else(|| time(at(result, &["resultRecordedTime"])))
            .or_else(|| time(at(event, &["time"]))),
        severity: json!({"Label": if status == "FAILED" { "MEDIUM" } else { "INFORMATIONAL" }}),
        title: rule.to_owned(),
        description: format!(
            "The AWS Config rule {rule} says {word} of {resource_type} {resource_id}"
        ),
        resources: vec![resource(asff_type(resource_type), resource_id, region)],
        compliance: Some(compliance),
        is_archived,
        product_fields,
        ..Draft::default()
    }
    .finding()
}

/// The control that runs the rule, where only one does. Security Hub's own rules are named
/// `securityhub-RULE-HASH`.
fn control(rule: &str) -> Option<&'static str> {
    let standards = standards::embedded().ok()?;
    let name = rule
        .strip_prefix("securityhub-")
        .and_then(|rest| rest.rsplit_once('-'));
    let mut controls = standards.controls_of_rule(name.map_or(rule, |(name, _)| name));
    match (controls.next(), controls.next()) {
        (Some(control), None) => Some(control.id.as_str()),
        _ => None,
    }
}
