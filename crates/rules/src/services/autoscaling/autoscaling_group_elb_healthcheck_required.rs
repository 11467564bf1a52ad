//! Without the load balancer's health check, a group keeps instances that run and answer nobody.
//!
//! ## Result
//! - COMPLIANT: `healthCheckType` names `ELB`, alone or among others.
//! - NON_COMPLIANT: the group has a load balancer or a target group, and `healthCheckType` doesn't
//!   name `ELB`.
//! - NOT_APPLICABLE: the group has neither a load balancer nor a target group.
//! - INSUFFICIENT_DATA: the load balancers or the health check were not read.
//!
//! ## What to do
//! Add the ELB health check to the group, with a grace period that is longer than an instance
//! takes to start: what is unhealthy is replaced.
//!
//! ## Source
//! AWS Config developer guide, managed rule `autoscaling-group-elb-healthcheck-required`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "autoscaling-group-elb-healthcheck-required",
    identifier: Identifier::FromId,
    version: 1,
    title: "Auto Scaling groups behind a load balancer use its health check",
    resource_types: &[ResourceType::AutoScalingAutoScalingGroup],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(LOAD_BALANCERS), own(TARGET_GROUPS), own(HEALTH_CHECK)],
    severity: Severity::Low,
    category: Category::Inventory,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableAutoScalingGroupELBHealthCheck"),
    check,
};

const LOAD_BALANCERS: Path = path("configuration.loadBalancerNames");
const TARGET_GROUPS: Path = path("configuration.targetGroupARNs");
const HEALTH_CHECK: Path = path("configuration.healthCheckType");

fn check<'a>(group: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    if group.list(LOAD_BALANCERS)?.is_empty() && group.list(TARGET_GROUPS)?.is_empty() {
        return Ok(Evaluation::not_applicable(
            TARGET_GROUPS,
            "empty",
            "the group has no load balancer",
        ));
    }
    let health_check = group.text(HEALTH_CHECK)?;
    // One text holds every type of check that is on, such as "EBS,ELB".
    if !health_check.is_some_and(|types| types.split(',').any(|one| one.trim() == "ELB")) {
        return Ok(Evaluation::non_compliant(HEALTH_CHECK, health_check, "ELB"));
    }
    Ok(Evaluation::compliant(HEALTH_CHECK, health_check))
}
