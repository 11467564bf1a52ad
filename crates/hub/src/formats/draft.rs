//! A finding in the making.

use serde_json::{Value, json};

use super::resource_types::TYPES;
use crate::finding::{Finding, Object};

/// What of a finding other sources say in other words.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    /// The end of the product's ARN, such as `aws/guardduty`; [`OTHER`] where Security Hub knows none.
    pub(crate) product: &'static str,
    pub(crate) product_name: String,
    pub(crate) id: String,
    pub(crate) generator_id: String,
    pub(crate) account_id: String,
    pub(crate) aws_region: String,
    pub(crate) partition: String,
    pub(crate) types: Vec<String>,
    pub(crate) created_at: Option<String>,
    pub(crate) updated_at: Option<String>,
    pub(crate) first_observed_at: Option<String>,
    pub(crate) last_observed_at: Option<String>,
    pub(crate) severity: Value,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) remediation: Option<Value>,
    pub(crate) source_url: String,
    pub(crate) resources: Vec<Value>,
    pub(crate) compliance: Option<Value>,
    pub(crate) is_archived: bool,
    pub(crate) product_fields: Object,
    /// Members that are ASFF already.
    pub(crate) more: Object,
}

/// A product of its account's own.
pub(super) const OTHER: &str = "other";

/// A name as a part of an ARN.
fn slug(name: &str) -> String {
    let kept = |letter: char| {
        if letter.is_ascii_alphanumeric() {
            letter
        } else {
            '-'
        }
    };
    name.to_ascii_lowercase()
        .chars()
        .map(kept)
        .take(64)
        .collect()
}

/// ASFF's limits, in characters.
const TITLE: usize = 256;
const DESCRIPTION: usize = 1024;

impl Draft {
    /// The finding.
    ///
    /// # Errors
    /// Where it says not when, or of which account.
    pub(crate) fn finding(self) -> Result<Finding, String> {
        let missing: Vec<&str> = [
            ("an id", self.id.is_empty()),
            ("an account", self.account_id.is_empty()),
            (
                "a time",
                self.updated_at.is_none() && self.created_at.is_none(),
            ),
        ]
        .into_iter()
        .filter(|(_, is_missing)| *is_missing)
        .map(|(name, _)| name)
        .collect();
        if !missing.is_empty() {
            return Err(format!(
                "a finding of {} lacks {}",
                self.product,
                missing.join(", ")
            ));
        }
        let product_arn = self.product_arn();
        let updated_at = self.updated_at.or_else(|| self.created_at.clone());
        let mut asff = Object::new();
        let mut put = |name: &str, value: Value| {
            let is_empty = match &value {
                Value::Null => true,
                Value::String(text) => text.is_empty(),
                Value::Array(list) => list.is_empty(),
                Value::Object(members) => members.is_empty(),
                _ => false,
            };
            if !is_empty {
                asff.insert(name.to_owned(), value);
            }
        };
        put("SchemaVersion", json!("2018-10-08"));
        put("Id", json!(self.id));
        put("ProductArn", json!(product_arn));
        put("ProductName", json!(self.product_name));
        put("Region", json!(self.aws_region));
        put("GeneratorId", json!(self.generator_id));
        put("AwsAccountId", json!(self.account_id));
        put("Types", json!(self.types));
        put("FirstObservedAt", json!(self.first_observed_at));
        put("LastObservedAt", json!(self.last_observed_at));
        put(
            "CreatedAt",
            json!(self.created_at.or_else(|| updated_at.clone())),
        );
        put("UpdatedAt", json!(updated_at));
        put("Severity", self.severity);
        put("Title", json!(cut(&self.title, TITLE)));
        put("Description", json!(cut(&self.description, DESCRIPTION)));
        put("Remediation", self.remediation.unwrap_or_default());
        put("SourceUrl", json!(self.source_url));
        put("ProductFields", Value::Object(self.product_fields));
        put("Resources", Value::Array(self.resources));
        put("Compliance", self.compliance.unwrap_or_default());
        put(
            "RecordState",
            json!(if self.is_archived {
                "ARCHIVED"
            } else {
                "ACTIVE"
            }),
        );
        asff.extend(self.more);
        Ok(Finding::of_provider(asff))
    }

    fn product_arn(&self) -> String {
        let partition = if self.partition.is_empty() {
            "aws"
        } else {
            &self.partition
        };
        let region = &self.aws_region;
        if self.product == OTHER {
            let (account, name) = (&self.account_id, slug(&self.product_name));
            return format!(
                "arn:{partition}:securityhub:{region}:{account}:product/{account}/{name}"
            );
        }
        format!(
            "arn:{partition}:securityhub:{region}::product/{}",
            self.product
        )
    }
}

/// The text in at most so many characters.
fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    text.chars().take(limit - 1).chain(['…']).collect()
}

/// Remediation in words, as ASFF has it; none without words.
pub(super) fn remediation(words: &str, url: &str) -> Option<Value> {
    if words.is_empty() && url.is_empty() {
        return None;
    }
    let mut recommendation = Object::new();
    for (name, text, limit) in [("Text", words, 512), ("Url", url, 2048)] {
        if !text.is_empty() {
            recommendation.insert(name.to_owned(), json!(cut(text, limit)));
        }
    }
    Some(json!({"Recommendation": recommendation}))
}

/// A resource as ASFF has it.
pub(super) fn resource(kind: &str, id: &str, region: &str) -> Value {
    let id = if id.is_empty() { "unknown" } else { id };
    let mut resource = json!({"Type": kind, "Id": id});
    if let Some(members) = resource.as_object_mut() {
        if let Some(partition) = id
            .strip_prefix("arn:")
            .and_then(|rest| rest.split(':').next())
            && ["aws", "aws-cn", "aws-us-gov"].contains(&partition)
        {
            members.insert("Partition".to_owned(), json!(partition));
        }
        if !region.is_empty() {
            members.insert("Region".to_owned(), json!(region));
        }
    }
    resource
}

/// Services that ASFF calls otherwise than AWS Config.
const SERVICES: [(&str, &str); 6] = [
    ("ACM", "CertificateManager"),
    ("ApiGatewayV2", "ApiGatewayV2"),
    ("ElasticLoadBalancing", "Elb"),
    ("ElasticLoadBalancingV2", "Elbv2"),
    ("OpenSearch", "OpenSearchService"),
    ("StepFunctions", "StepFunction"),
];

/// AWS Config's `AWS::S3::Bucket` as ASFF's `AwsS3Bucket`; `Other` where ASFF has no such type.
pub fn asff_type(config_type: &str) -> &'static str {
    let mut parts = config_type.split("::").skip(1);
    let (service, name) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    if service.is_empty() && name == "Account" {
        return "AwsAccount";
    }
    let renamed = SERVICES.iter().find(|(known, _)| *known == service);
    let service = renamed.map_or(service, |(_, asff)| asff);
    let wanted = format!("Aws{service}{name}");
    let found = TYPES
        .iter()
        .find(|known| known.eq_ignore_ascii_case(&wanted));
    found.copied().unwrap_or("Other")
}

#[cfg(test)]
mod tests {
    use super::asff_type;

    #[test]
    fn types_are_asff_s() {
        for (config, asff) in [
            ("AWS::S3::Bucket", "AwsS3Bucket"),
            ("AWS::EC2::SecurityGroup", "AwsEc2SecurityGroup"),
            ("AWS::RDS::DBInstance", "AwsRdsDbInstance"),
            ("AWS::ACM::Certificate", "AwsCertificateManagerCertificate"),
            (
                "AWS::ElasticLoadBalancingV2::LoadBalancer",
                "AwsElbv2LoadBalancer",
            ),
            ("AWS::::Account", "AwsAccount"),
            ("AWS::Batch::JobQueue", "Other"),
        ] {
            assert_eq!(asff_type(config), asff);
        }
    }
}
