//! Launch configurations get no new features and have no versions; a launch template's changes can
//! be followed and taken back.
//!
//! ## Result
//! - COMPLIANT: the group is made from a launch template, its own or that of its mixed instances
//!   policy.
//! - NON_COMPLIANT: it is made from a launch configuration, or from neither.
//! - INSUFFICIENT_DATA: the group was not read.
//!
//! ## What to do
//! Make a launch template from the launch configuration and give it to the group; then replace the
//! instances by an instance refresh.
//!
//! ## Source
//! AWS Config developer guide, managed rule `autoscaling-launch-template`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "autoscaling-launch-template",
    identifier: Identifier::FromId,
    version: 1,
    title: "Auto Scaling groups are made from launch templates",
    resource_types: &[ResourceType::AutoScalingAutoScalingGroup],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(TEMPLATE), own(OF_POLICY), own(LAUNCH_CONFIGURATION)],
    severity: Severity::Medium,
    category: Category::ResourceConfiguration,
    remedy: Remedy::Steps,
    check,
};

const TEMPLATE: Path = path("configuration.launchTemplate.launchTemplateId");
const OF_POLICY: Path = path(
    "configuration.mixedInstancesPolicy.launchTemplate.launchTemplateSpecification.launchTemplateId",
);
const LAUNCH_CONFIGURATION: Path = path("configuration.launchConfigurationName");

fn check<'a>(group: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    for place in [TEMPLATE, OF_POLICY] {
        if let Some(id) = group.text(place)? {
            return Ok(Evaluation::compliant(place, id));
        }
    }
    let found = group.text(LAUNCH_CONFIGURATION)?;
    let expected = "a launch template";
    Ok(Evaluation::non_compliant(
        LAUNCH_CONFIGURATION,
        found,
        expected,
    ))
}
