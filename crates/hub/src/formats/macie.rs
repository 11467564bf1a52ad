//! Macie, as its events and API write findings.

use serde_json::{Value, json};

use super::Draft;
use super::draft::resource;
use super::value::{at, text, time};
use crate::finding::{Finding, Object};

pub(super) fn is_one(value: &Value) -> bool {
    let has = |name: &str| at(value, &[name]).is_some();
    has("resourcesAffected")
        && (has("classificationDetails") || has("policyDetails") || has("category"))
}

pub(super) fn finding(value: &Value) -> Result<Finding, String> {
    let region = text(value, &["region"]);
    let kind = text(value, &["type"]);
    let word = text(value, &["severity", "description"]);
    let group = match text(value, &["category"]) {
        "CLASSIFICATION" => "Sensitive Data Identifications",
        _ => "Software and Configuration Checks/AWS Security Best Practices",
    };
    let bucket = text(value, &["resourcesAffected", "s3Bucket", "arn"]);
    let object = text(value, &["resourcesAffected", "s3Object", "path"]);
    let mut resources = vec![resource("AwsS3Bucket", bucket, region)];
    if !object.is_empty() {
        resources.push(resource(
            "AwsS3Object",
            &format!("arn:aws:s3:::{object}"),
            region,
        ));
    }
    let mut product_fields = Object::new();
    if let Some(count) = at(value, &["count"]) {
        product_fields.insert("aws/macie/count".to_owned(), json!(count.to_string()));
    }
    Draft {
        product: "aws/macie",
        product_name: "Macie".to_owned(),
        id: text(value, &["id"]).to_owned(),
        generator_id: "aws/macie".to_owned(),
        account_id: text(value, &["accountId"]).to_owned(),
        aws_region: region.to_owned(),
        partition: text(value, &["partition"]).to_owned(),
        types: vec![format!("{group}/{}", kind.replace('/', "-"))],
        created_at: time(at(value, &["createdAt"])),
        updated_at: time(at(value, &["updatedAt"])),
        severity: json!({"Label": word.to_uppercase(), "Original": word}),
        title: text(value, &["title"]).to_owned(),
        description: text(value, &["description"]).to_owned(),
        resources,
        is_archived: at(value, &["archived"]).and_then(Value::as_bool) == Some(true),
        product_fields,
        ..Draft::default()
    }
    .finding()
}
