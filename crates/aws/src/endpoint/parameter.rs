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

/// S3's rules ask for these only to tell operations apart, and slow every call down with them.
const ONLY_TOLD_APART: [&str; 3] = ["Key", "Prefix", "CopySource"];

/// What the operation fixes of a parameter, or the input says.
fn said<'v>(
    name: &str,
    service: &Service,
    operation: &'v Operation,
    input: &'v Value,
) -> Option<&'v Value> {
    if service.name == "s3" && ONLY_TOLD_APART.contains(&name) {
        return None;
    }
    let fixed = operation.context.get(name);
    fixed.or_else(|| {
        let members = &service.shape(operation.input.as_ref()?).members;
        let mut members = members.iter();
        let member = members.find(|member| member.traits().context == Some(name))?;
        input.get(member.name)
    })
}

/// Everything that two calls of one client must have in common to have the same endpoint.
pub(crate) fn asked(
    service: &Service,
    operation: &Operation,
    input: &Value,
    region: &str,
) -> String {
    let mut asked = format!("{} {region}", service.name);
    if is_of_any_region(operation) {
        asked.push_str(" anywhere");
    }
    let parameters = service
        .endpoints
        .iter()
        .flat_map(|rules| rules.parameters.keys());
    for name in parameters {
        if let Some(value) = said(name, service, operation, input) {
            asked.extend([" ", name, "=", &value.to_string()]);
        }
    }
    asked
}

/// botocore's `customize_endpoint_resolver_builtins`: a bucket's location is asked of any Region.
fn is_of_any_region(operation: &Operation) -> bool {
    operation.name == "GetBucketLocation"
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
        let mut given = BTreeMap::new();
        for (name, parameter) in &rules.parameters {
            let said = said(name, service, operation, input).cloned();
            let set = || self.built_in(parameter.built_in.as_deref()?, operation, input);
            if let Some(value) = said.or_else(set) {
                given.insert(name.clone(), value);
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

    /// botocore's `_resolve_endpoint`: what is asked of any Region a host of the bucket's own would refuse; an ARN is never
    /// a path.
    fn force_path_style(&self, operation: &Operation, input: &Value) -> bool {
        let bucket = input.get("Bucket").and_then(Value::as_str);
        if is_of_any_region(operation) {
            return true;
        }
        if bucket.is_some_and(|bucket| bucket.starts_with("arn:")) {
            return false;
        }
        let asked = self.path_style.unwrap_or(self.url.is_some());
        asked || bucket.is_some_and(|bucket| bucket.contains('.') && !is_host_label(bucket, true))
    }
}
