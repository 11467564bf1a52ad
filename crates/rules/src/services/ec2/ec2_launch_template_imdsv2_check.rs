//! A request that an application is tricked into sending can fetch an instance's credentials from
//! version 1 of the metadata service; version 2 wants a token first.
//!
//! ## Result
//! - COMPLIANT: `HttpTokens` is `required`.
//! - NON_COMPLIANT: `HttpTokens` is `optional` or not set.
//! - INSUFFICIENT_DATA: the template was not read.
//!
//! `LaunchTemplateData` is read as the default version's: AWS judges that one, and doesn't say
//! which one AWS Config records. AWS says nothing of an endpoint that is off, of the image's own
//! setting or of the account's; the template alone decides.
//!
//! ## What to do
//! Make a version of the template with `HttpTokens` set to `required`, and make it the default;
//! then replace the instances that came from the old one. First see in CloudWatch, metric
//! `MetadataNoToken`, that nothing uses version 1.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ec2-launch-template-imdsv2-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ec2-launch-template-imdsv2-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Launch templates ask for metadata tokens (IMDSv2)",
    resource_types: &[ResourceType::Ec2LaunchTemplate],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(HTTP_TOKENS)],
    severity: Severity::Low,
    category: Category::NetworkSecurity,
    remedy: Remedy::Steps,
    check,
};

const HTTP_TOKENS: Path = path("configuration.LaunchTemplateData.MetadataOptions.HttpTokens");

fn check<'a>(template: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let tokens = template.text(HTTP_TOKENS)?;
    if tokens != Some("required") {
        return Ok(Evaluation::non_compliant(HTTP_TOKENS, tokens, "required"));
    }
    Ok(Evaluation::compliant(HTTP_TOKENS, tokens))
}
