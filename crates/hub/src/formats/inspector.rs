//! Inspector (`inspector2`), as its events and API write findings.

use serde_json::{Value, json};

use super::Draft;
use super::draft::{remediation, resource};
use super::value::{at, list, text, time};
use crate::finding::{Finding, Object};

pub(super) fn is_one(value: &Value) -> bool {
    text(value, &["findingArn"]).contains(":inspector2:")
}

pub(super) fn finding(value: &Value) -> Result<Finding, String> {
    let arn = text(value, &["findingArn"]);
    let region = arn.split(':').nth(3).unwrap_or_default();
    let word = text(value, &["severity"]);
    // Inspector's UNTRIAGED is none of ASFF's labels.
    let label = if word == "UNTRIAGED" {
        "INFORMATIONAL"
    } else {
        word
    };
    let score = at(value, &["inspectorScore"]);
    let kind = text(value, &["type"]);
    let category = match kind {
        "NETWORK_REACHABILITY" => "AWS Security Best Practices/Network Reachability",
        _ => "Vulnerabilities/CVE",
    };
    let mut product_fields = Object::new();
    for (name, value) in [
        ("inspectorScore", score),
        ("status", at(value, &["status"])),
    ] {
        if let Some(value) = value {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            product_fields.insert(format!("aws/inspector/{name}"), json!(text));
        }
    }
    let recommendation = |name: &str| text(value, &["remediation", "recommendation", name]);
    let mut more = Object::new();
    if let Some(vulnerability) = vulnerability(value) {
        more.insert("Vulnerabilities".to_owned(), json!([vulnerability]));
    }
    Draft {
        product: "aws/inspector",
        product_name: "Inspector".to_owned(),
        id: arn.to_owned(),
        generator_id: "AWSInspector".to_owned(),
        account_id: text(value, &["awsAccountId"]).to_owned(),
        aws_region: region.to_owned(),
        partition: arn.split(':').nth(1).unwrap_or_default().to_owned(),
        types: vec![format!("Software and Configuration Checks/{category}")],
        created_at: time(at(value, &["firstObservedAt"])),
        updated_at: time(at(value, &["updatedAt"]))
            .or_else(|| time(at(value, &["lastObservedAt"]))),
        first_observed_at: time(at(value, &["firstObservedAt"])),
        last_observed_at: time(at(value, &["lastObservedAt"])),
        severity: json!({"Label": label, "Original": word}),
        title: text(value, &["title"]).to_owned(),
        description: text(value, &["description"]).to_owned(),
        remediation: remediation(recommendation("text"), recommendation("url")),
        resources: list(value, &["resources"])
            .iter()
            .map(|one| about(one, region))
            .collect(),
        is_archived: text(value, &["status"]) == "CLOSED",
        product_fields,
        more,
        ..Draft::default()
    }
    .finding()
}

fn about(one: &Value, region: &str) -> Value {
    let (kind, id) = (text(one, &["type"]), text(one, &["id"]));
    let asff = match kind {
        "AWS_EC2_INSTANCE" => "AwsEc2Instance",
        "AWS_ECR_CONTAINER_IMAGE" => "AwsEcrContainerImage",
        "AWS_LAMBDA_FUNCTION" => "AwsLambdaFunction",
        _ => "Other",
    };
    let region = match text(one, &["region"]) {
        "" => region,
        own => own,
    };
    let mut resource = resource(asff, id, region);
    if let (Some(tags), Some(members)) = (at(one, &["tags"]), resource.as_object_mut())
        && tags.is_object()
    {
        members.insert("Tags".to_owned(), tags.clone());
    }
    resource
}

/// ASFF's `Vulnerability`.
fn vulnerability(value: &Value) -> Option<Value> {
    let details = at(value, &["packageVulnerabilityDetails"])?;
    let packages: Vec<Value> = list(details, &["vulnerablePackages"])
        .iter()
        .map(|package| {
            let pairs = [
                ("Name", "name"),
                ("Version", "version"),
                ("Architecture", "arch"),
                ("PackageManager", "packageManager"),
                ("FilePath", "filePath"),
                ("FixedInVersion", "fixedInVersion"),
            ];
            let members = pairs.iter().filter_map(|(asff, name)| {
                let text = text(package, &[name]);
                (!text.is_empty()).then(|| ((*asff).to_owned(), json!(text)))
            });
            Value::Object(members.collect())
        })
        .collect();
    let mut vulnerability = json!({
        "Id": text(details, &["vulnerabilityId"]),
        "VulnerablePackages": packages,
        "ReferenceUrls": list(details, &["referenceUrls"]),
    });
    let members = vulnerability.as_object_mut()?;
    for (asff, name) in [
        ("FixAvailable", "fixAvailable"),
        ("ExploitAvailable", "exploitAvailable"),
    ] {
        let word = text(value, &[name]);
        if !word.is_empty() {
            members.insert(asff.to_owned(), json!(word));
        }
    }
    Some(vulnerability)
}
