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
//! A launch configuration can't be changed: make a launch template with `HttpTokens` set to
//! `required`, give it to the group, and replace the instances. First see in CloudWatch, metric
//! `MetadataNoToken`, that nothing uses version 1.
//!
//! ## Source
//! AWS Config developer guide, managed rule `autoscaling-launchconfig-requires-imdsv2`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "autoscaling-launchconfig-requires-imdsv2",
    identifier: Identifier::FromId,
    version: 1,
    title: "Launch configurations ask for metadata tokens (IMDSv2)",
    resource_types: &[ResourceType::AutoScalingLaunchConfiguration],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(HTTP_TOKENS)],
    severity: Severity::High,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const HTTP_TOKENS: Path = path("configuration.metadataOptions.httpTokens");

fn check<'a>(launch: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let tokens = launch.text(HTTP_TOKENS)?;
    if tokens != Some("required") {
        return Ok(Evaluation::non_compliant(HTTP_TOKENS, tokens, "required"));
    }
    Ok(Evaluation::compliant(HTTP_TOKENS, tokens))
}
