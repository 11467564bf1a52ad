//! Enhanced Monitoring sees what runs on the instance, which the hypervisor's metrics can't.
//!
//! ## Result
//! - COMPLIANT: `monitoringInterval` is not 0; it is the parameter `monitoringInterval`, where that
//!   is given.
//! - NON_COMPLIANT: the interval is 0, not set, or another than the parameter.
//! - INSUFFICIENT_DATA: the instance was not read.
//!
//! ## What to do
//! Choose an interval and a role that RDS may use for it; the change needs no restart.
//!
//! ## Source
//! AWS Config developer guide, managed rule `rds-enhanced-monitoring-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "rds-enhanced-monitoring-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "RDS instances report the metrics of their operating system",
    resource_types: &[ResourceType::RdsDbInstance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: WANTED,
        kind: Kind::Integer,
        default: None,
    }],
    reads: &[own(INTERVAL)],
    severity: Severity::Low,
    category: Category::DetectionServices,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableEnhancedMonitoringOnRDSInstance"),
    check,
};

const INTERVAL: Path = path("configuration.monitoringInterval");

const WANTED: &str = "monitoringInterval";

fn check<'a>(instance: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let interval = instance.integer(INTERVAL)?;
    if matches!(interval, None | Some(0)) {
        return Ok(Evaluation::non_compliant(
            INTERVAL,
            interval,
            "another than 0",
        ));
    }
    if let Some(wanted) = params.optional_integer(WANTED)
        && interval != Some(wanted)
    {
        return Ok(Evaluation::non_compliant(INTERVAL, interval, wanted));
    }
    Ok(Evaluation::compliant(INTERVAL, interval))
}
