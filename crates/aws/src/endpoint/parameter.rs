//! What the endpoint rules are told about a call.

use std::collections::BTreeMap;

use serde_json::Value;

use super::function::is_host_label;
use super::rule::RuleSet;
use crate::model::{Operation, Service};

/// What a client is set to, as far as endpoints go.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Settings {
    pub(crate) region: String,
    pub(crate) fips: bool,
    pub(crate) dual_stack: bool,
    /// A custom endpoint (`AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_<SERVICE>`, or a profile's `endpoint_url`).
    pub(crate) url: Option<String>,
    /// S3's path style. Unset, a custom endpoint gets it and AWS does not, as in botocore.
    pub(crate) path_style: Option<bool>,
}

impl Settings {
    /// Values for the parameters that the rules know: what the operation fixes, what the input says, what is set.
    pub(super) fn parameters(
        &self,
        rules: &RuleSet,
        service: &Service,
        operation: &Operation,
        input: &Value,
    ) -> BTreeMap<Box<str>, Value> {
        let members = operation.input.as_ref().map(|input| service.shape(input));
        let mut given = BTreeMap::new();
        for (name, parameter) in &rules.parameters {
            let fixed = operation.context.get(name.as_ref()).cloned();
            let said = || {
                let members = &members?.members;
                let member = members
                    .iter()
                    .find(|member| member.traits().context == Some(name))?;
                input.get(member.name).cloned()
            };
            let set = || self.built_in(parameter.built_in.as_deref()?, operation, input);
            if let Some(value) = fixed.or_else(said).or_else(set) {
                given.insert(name.clone(), value);
            }
        }
        // S3's rules ask for these only to tell operations apart, and slow every call down with them.
        if service.name == "s3" {
            for name in ["Key", "Prefix", "CopySource"] {
                given.remove(name);
            }
        }
        given
    }

    fn built_in(&self, name: &str, operation: &Operation, input: &Value) -> Option<Value> {
        Some(match name {
            "AWS::Region" => self.region.as_str().into(),
            "AWS::UseFIPS" => self.fips.into(),
            "AWS::UseDualStack" => self.dual_stack.into(),
            "SDK::Endpoint" => self.url.as_deref()?.into(),
            "AWS::S3::ForcePathStyle" => self.force_path_style(operation, input).into(),
            // The endpoint of an account's own is an optimisation of DynamoDB's; the Region's works everywhere.
            "AWS::Auth::AccountIdEndpointMode" => "disabled".into(),
            "AWS::S3::Accelerate"
            | "AWS::S3::UseGlobalEndpoint"
            | "AWS::S3::DisableMultiRegionAccessPoints"
            | "AWS::STS::UseGlobalEndpoint" => false.into(),
            "AWS::S3::UseArnRegion" | "AWS::S3Control::UseArnRegion" => true.into(),
            _ => return None,
        })
    }

    /// botocore's `customize_endpoint_resolver_builtins` and `_resolve_endpoint`: a bucket's location is asked of any
    /// Region, which a host of the bucket's own would refuse; an ARN is never a path.
    fn force_path_style(&self, operation: &Operation, input: &Value) -> bool {
        let bucket = input.get("Bucket").and_then(Value::as_str);
        if operation.name == "GetBucketLocation" {
            return true;
        }
        if bucket.is_some_and(|bucket| bucket.starts_with("arn:")) {
            return false;
        }
        let asked = self.path_style.unwrap_or(self.url.is_some());
        asked || bucket.is_some_and(|bucket| bucket.contains('.') && !is_host_label(bucket, true))
    }
}
