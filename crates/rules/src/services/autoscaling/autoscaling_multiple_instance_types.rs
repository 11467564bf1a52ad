//! A zone that has no capacity left of the only instance type has none for the group.
//!
//! ## Result
//! - COMPLIANT: the group's mixed instances policy names two instance types at least.
//! - NON_COMPLIANT: it names one, or the group has no such policy and takes the type of its launch
//!   template or launch configuration.
//! - NOT_APPLICABLE: the policy chooses instance types by attributes, which AWS doesn't evaluate.
//! - INSUFFICIENT_DATA: the group was not read.
//!
//! Attributes that stand in the launch template alone are not looked at.
//!
//! ## What to do
//! Give the group a mixed instances policy with several types that suit the workload.
//!
//! ## Source
//! AWS Config developer guide, managed rule `autoscaling-multiple-instance-types`.

use crate::predicates::lists;
use crate::predicates::unread::{malformed, text};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "autoscaling-multiple-instance-types",
    identifier: Identifier::FromId,
    version: 1,
    title: "Auto Scaling groups use several instance types",
    resource_types: &[ResourceType::AutoScalingAutoScalingGroup],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(OVERRIDES)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Steps,
    check,
};

const OVERRIDES: Path = path("configuration.mixedInstancesPolicy.launchTemplate.overrides");

fn check<'a>(group: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let overrides = group.list(OVERRIDES)?;
    let mut types = Vec::new();
    for one in overrides {
        match one.get("instanceRequirements") {
            None | Some(Node::Null) => types.extend(text(OVERRIDES, *one, "instanceType")?),
            Some(Node::Object(_)) => {
                let because = "instance types that are chosen by attributes are not judged";
                let found = "instanceRequirements";
                return Ok(Evaluation::not_applicable(OVERRIDES, found, because));
            }
            Some(other) => return Err(malformed(OVERRIDES, other.kind(), "requirements")),
        }
    }
    types.sort_unstable();
    types.dedup();
    let found = lists::shown(&types);
    if types.len() < 2 {
        let expected = "at least 2 instance types";
        return Ok(Evaluation::non_compliant(OVERRIDES, found, expected));
    }
    Ok(Evaluation::compliant(OVERRIDES, found))
}
