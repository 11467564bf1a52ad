//! A request that an application is tricked into sending can fetch an instance's credentials from
//! version 1 of the metadata service; version 2 wants a token first.
//!
//! ## Result
//! - COMPLIANT: `httpTokens` is `required`.
//! - NON_COMPLIANT: `httpTokens` is `optional` or not set.
//! - INSUFFICIENT_DATA: the metadata options were not read.
//!
//! AWS says nothing of an endpoint that is off; the tokens alone decide.
//!
//! ## What to do
//! See in CloudWatch, metric `MetadataNoToken`, that nothing uses version 1, then set `HttpTokens`
//! to `required`; it takes effect at once and needs no restart.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ec2-imdsv2-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ec2-imdsv2-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "EC2 instances ask for metadata tokens (IMDSv2)",
    resource_types: &[ResourceType::Ec2Instance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(HTTP_TOKENS)],
    severity: Severity::High,
    category: Category::NetworkSecurity,
    remedy: Remedy::Automation("AWSConfigRemediation-EnforceEC2InstanceIMDSv2"),
    check,
};

const HTTP_TOKENS: Path = path("configuration.metadataOptions.httpTokens");

fn check<'a>(instance: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let tokens = instance.text(HTTP_TOKENS)?;
    if tokens != Some("required") {
        return Ok(Evaluation::non_compliant(HTTP_TOKENS, tokens, "required"));
    }
    Ok(Evaluation::compliant(HTTP_TOKENS, tokens))
}
