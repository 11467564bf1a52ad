//! Firewall Manager: what its API says of a policy in an account. Its findings proper it sends to
//! Security Hub, as ASFF.

use serde_json::{Value, json};

use super::Draft;
use super::draft::resource;
use super::value::{at, list, text, time};
use crate::finding::Finding;

pub(super) fn is_one(value: &Value) -> bool {
    has_statuses(value) || at(value, &["policyComplianceDetail"]).is_some()
}

fn has_statuses(value: &Value) -> bool {
    at(value, &["policyComplianceStatusList"]).is_some()
}

pub(super) fn findings(value: &Value) -> Result<Vec<Finding>, String> {
    if has_statuses(value) {
        return list(value, &["policyComplianceStatusList"])
            .iter()
            .map(of_status)
            .collect();
    }
    let detail = at(value, &["policyComplianceDetail"]).unwrap_or(value);
    list(detail, &["violators"])
        .iter()
        .map(|violator| of_violator(detail, violator))
        .collect()
}

/// `ListComplianceStatus`: one finding an account and policy.
fn of_status(status: &Value) -> Result<Finding, String> {
    let results = list(status, &["evaluationResults"]);
    let fails = results
        .iter()
        .any(|result| text(result, &["complianceStatus"]) == "NON_COMPLIANT");
    let account = text(status, &["memberAccount"]);
    let policy = text(status, &["policyName"]);
    let title = if fails {
        format!("Resources of the account break the Firewall Manager policy {policy}")
    } else {
        format!("The account keeps the Firewall Manager policy {policy}")
    };
    draft(
        status,
        fails,
        title,
        resource("AwsAccount", &format!("AWS::::Account:{account}"), ""),
    )
}

/// `GetComplianceDetail`: one finding a resource.
fn of_violator(detail: &Value, violator: &Value) -> Result<Finding, String> {
    let reason = text(violator, &["violationReason"]);
    let kind = super::asff_type(text(violator, &["resourceType"]));
    let resource = resource(kind, text(violator, &["resourceId"]), "");
    draft(
        detail,
        true,
        format!("Firewall Manager: {reason}"),
        resource,
    )
}

fn draft(value: &Value, fails: bool, title: String, resource: Value) -> Result<Finding, String> {
    let account = text(value, &["memberAccount"]);
    let policy = text(value, &["policyId"]);
    let about = text(&resource, &["Id"]).to_owned();
    Draft {
        product: "aws/firewall-manager",
        product_name: "Firewall Manager".to_owned(),
        id: format!("firewall-manager/{policy}/{account}/{about}"),
        generator_id: format!("firewall-manager/{policy}"),
        account_id: account.to_owned(),
        // Firewall Manager's answers don't say where the policy is; its Region is one for all.
        aws_region: "us-east-1".to_owned(),
        types: vec!["Software and Configuration Checks/AWS Security Best Practices".to_owned()],
        updated_at: time(at(value, &["lastUpdated"])).or_else(|| time(at(value, &["expiredAt"]))),
        severity: json!({"Label": if fails { "HIGH" } else { "INFORMATIONAL" }}),
        description: title.clone(),
        title,
        resources: vec![resource],
        compliance: Some(json!({"Status": if fails { "FAILED" } else { "PASSED" }})),
        ..Draft::default()
    }
    .finding()
}
