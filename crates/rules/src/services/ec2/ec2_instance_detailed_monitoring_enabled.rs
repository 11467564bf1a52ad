//! Detailed monitoring measures an instance every minute instead of every five, so that alarms and
//! scaling act sooner.
//!
//! ## Result
//! - COMPLIANT: `monitoring.state` is `enabled`.
//! - NON_COMPLIANT: it is anything else, `pending` included, or not set.
//! - INSUFFICIENT_DATA: the instance was not read.
//!
//! ## What to do
//! Turn detailed monitoring on; it needs no restart. CloudWatch bills the additional metrics.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ec2-instance-detailed-monitoring-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ec2-instance-detailed-monitoring-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "EC2 instances have detailed monitoring",
    resource_types: &[ResourceType::Ec2Instance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(MONITORING)],
    severity: Severity::Medium,
    category: Category::DetectionServices,
    remedy: Remedy::Steps,
    check,
};

const MONITORING: Path = path("configuration.monitoring.state");

fn check<'a>(instance: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let monitoring = instance.text(MONITORING)?;
    if monitoring != Some("enabled") {
        return Ok(Evaluation::non_compliant(MONITORING, monitoring, "enabled"));
    }
    Ok(Evaluation::compliant(MONITORING, monitoring))
}
