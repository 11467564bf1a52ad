//! Without a root object whoever asks for the distribution's root gets what the origin answers,
//! which may be a list of everything in a bucket.
//!
//! ## Result
//! - COMPLIANT: the distribution has a default root object.
//! - NON_COMPLIANT: it has none.
//! - INSUFFICIENT_DATA: the distribution was not read.
//!
//! ## What to do
//! Name an object that the origin has, such as `index.html`, as the default root object. It stands
//! for the root only, not for the roots of folders.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloudfront-default-root-object-configured`.

use crate::predicates::origins;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloudfront-default-root-object-configured",
    identifier: Identifier::FromId,
    version: 1,
    title: "CloudFront distributions have a default root object",
    resource_types: &[ResourceType::CloudFrontDistribution],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ROOT_OBJECT)],
    severity: Severity::High,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableCloudFrontDefaultRootObject"),
    check,
};

const ROOT_OBJECT: Path = path("configuration.distributionConfig.defaultRootObject");

fn check<'a>(distribution: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let object = origins::set(distribution.text(ROOT_OBJECT)?);
    if object.is_none() {
        let expected = "the name of an object";
        return Ok(Evaluation::non_compliant(ROOT_OBJECT, object, expected));
    }
    Ok(Evaluation::compliant(ROOT_OBJECT, object))
}
