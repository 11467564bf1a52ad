//! An EBS-optimized instance has bandwidth of its own to its volumes, which its other traffic
//! can't use up.
//!
//! ## Result
//! - COMPLIANT: `ebsOptimized` is `true`, or the instance type is EBS-optimized by default.
//! - NON_COMPLIANT: the instance type can be EBS-optimized, and the instance isn't.
//! - NOT_APPLICABLE: the instance type can't be EBS-optimized.
//! - INSUFFICIENT_DATA: the instance isn't EBS-optimized, and what its type supports was not read.
//!   AWS Config doesn't record it.
//!
//! ## What to do
//! Stop the instance, turn EBS optimization on, and start it; or move to a newer instance type,
//! where it is always on and costs nothing.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ebs-optimized-instance`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ebs-optimized-instance",
    identifier: Identifier::FromId,
    version: 1,
    title: "EC2 instances that can be EBS-optimized are",
    resource_types: &[ResourceType::Ec2Instance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(OPTIMIZED), own(SUPPORT)],
    severity: Severity::Medium,
    category: Category::ResourceConfiguration,
    remedy: Remedy::Steps,
    check,
};

const OPTIMIZED: Path = path("configuration.ebsOptimized");
const SUPPORT: Path = path(
    "supplementaryConfiguration.DescribeInstanceTypes.InstanceTypes[*].EbsInfo.EbsOptimizedSupport",
);

fn check<'a>(instance: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let optimized = instance.boolean(OPTIMIZED)?;
    if optimized == Some(true) {
        return Ok(Evaluation::compliant(OPTIMIZED, optimized));
    }
    let types = instance.each(SUPPORT)?;
    let support = types.first().and_then(|support| support.as_text());
    match support {
        Some("default") => Ok(Evaluation::compliant(SUPPORT, support)),
        Some("unsupported") => Ok(Evaluation::not_applicable(
            SUPPORT,
            support,
            "the instance type can't be EBS-optimized",
        )),
        _ => Ok(Evaluation::non_compliant(OPTIMIZED, optimized, true)),
    }
}
