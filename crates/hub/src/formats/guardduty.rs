//! GuardDuty, as its events and exports (`accountId`) and its API (`AccountId`) write findings.
//!
//! As Security Hub has them: securityhub-integration.html of GuardDuty's guide.

use serde_json::{Value, json};

use super::Draft;
use super::draft::resource;
use super::value::{at, text, time};
use crate::finding::{Finding, Object};

pub(super) fn is_one(value: &Value) -> bool {
    let service = text(value, &["service", "serviceName"]);
    service == "guardduty"
        || (text(value, &["arn"]).contains(":guardduty:") && !text(value, &["type"]).is_empty())
}

pub(super) fn finding(value: &Value) -> Result<Finding, String> {
    let arn = text(value, &["arn"]);
    let kind = text(value, &["type"]);
    let region = text(value, &["region"]);
    let severity = at(value, &["severity"])
        .and_then(Value::as_f64)
        .unwrap_or_default();
    let mut product_fields = Object::new();
    if let Some(service) = at(value, &["service"]) {
        flatten("aws/guardduty/service", service, &mut product_fields);
    }
    Draft {
        product: "aws/guardduty",
        product_name: "GuardDuty".to_owned(),
        id: if arn.is_empty() {
            text(value, &["id"])
        } else {
            arn
        }
        .to_owned(),
        generator_id: arn.split("/finding/").next().unwrap_or(arn).to_owned(),
        account_id: text(value, &["accountId"]).to_owned(),
        aws_region: region.to_owned(),
        partition: text(value, &["partition"]).to_owned(),
        types: vec![format!("TTPs/{}/{}", purpose(kind), kind.replace('/', "-"))],
        created_at: time(at(value, &["createdAt"])),
        updated_at: time(at(value, &["updatedAt"])),
        first_observed_at: time(at(value, &["service", "eventFirstSeen"])),
        last_observed_at: time(at(value, &["service", "eventLastSeen"])),
        // GuardDuty's levels are 1 to 3.9, 4 to 6.9, 7 to 8.9, 9 to 10.
        severity: json!({"Product": severity, "Normalized": (severity * 10.0).round()}),
        title: text(value, &["title"]).to_owned(),
        description: text(value, &["description"]).to_owned(),
        resources: vec![about(value, region)],
        is_archived: at(value, &["service", "archived"]).and_then(Value::as_bool) == Some(true),
        product_fields,
        ..Draft::default()
    }
    .finding()
}

/// The threat's purpose, before the colon.
fn purpose(kind: &str) -> &str {
    kind.split(':').next().unwrap_or(kind)
}

fn about(value: &Value, region: &str) -> Value {
    let of = |path: &[&str]| text(value, path);
    let account = of(&["accountId"]);
    let partition = match of(&["partition"]) {
        "" => "aws",
        partition => partition,
    };
    let instance = of(&["resource", "instanceDetails", "instanceId"]);
    if !instance.is_empty() {
        let arn = format!("arn:{partition}:ec2:{region}:{account}:instance/{instance}");
        return resource("AwsEc2Instance", &arn, region);
    }
    let bucket = at(value, &["resource", "s3BucketDetails"]).and_then(|buckets| buckets.get(0));
    if let Some(arn) = bucket
        .map(|bucket| text(bucket, &["arn"]))
        .filter(|arn| !arn.is_empty())
    {
        return resource("AwsS3Bucket", arn, region);
    }
    let key = of(&["resource", "accessKeyDetails", "accessKeyId"]);
    if !key.is_empty() {
        return resource(
            "AwsIamAccessKey",
            &format!("AWS::IAM::AccessKey:{key}"),
            region,
        );
    }
    let cluster = of(&["resource", "eksClusterDetails", "arn"]);
    if !cluster.is_empty() {
        return resource("AwsEksCluster", cluster, region);
    }
    let function = of(&["resource", "lambdaDetails", "functionArn"]);
    if !function.is_empty() {
        return resource("AwsLambdaFunction", function, region);
    }
    let kind = match of(&["resource", "resourceType"]) {
        "" => "Other",
        _ => "AwsAccount",
    };
    resource(kind, &format!("AWS::::Account:{account}"), region)
}

/// ASFF's `ProductFields` hold texts only, at most 50 of them.
fn flatten(name: &str, value: &Value, fields: &mut Object) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                flatten(&format!("{name}/{member}"), value, fields);
            }
        }
        Value::Array(_) | Value::Null => {}
        _ if fields.len() >= 50 => {}
        Value::String(text) => {
            fields.insert(name.to_owned(), json!(text));
        }
        other => {
            fields.insert(name.to_owned(), json!(other.to_string()));
        }
    }
}
