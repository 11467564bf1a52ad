//! A workgroup's metrics show who queries more than usual, and what it costs.
//!
//! ## Result
//! - COMPLIANT: `PublishCloudWatchMetricsEnabled` is true.
//! - NON_COMPLIANT: it is false.
//! - INSUFFICIENT_DATA: the workgroup's configuration was not read, or doesn't say.
//!
//! ## What to do
//! Let the workgroup publish its query metrics to CloudWatch.
//!
//! ## Source
//! AWS Config developer guide, managed rule `athena-workgroup-logging-enabled`.

use crate::predicates::unread;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "athena-workgroup-logging-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Athena workgroups publish their metrics",
    resource_types: &[ResourceType::AthenaWorkGroup],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(METRICS)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Automation("ASR-EnableAthenaWorkGroupLogging"),
    check,
};

const METRICS: Path = path("configuration.WorkGroupConfiguration.PublishCloudWatchMetricsEnabled");

fn check<'a>(workgroup: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let is_published = unread::recorded_boolean(workgroup, METRICS)?;
    if !is_published {
        return Ok(Evaluation::non_compliant(METRICS, is_published, true));
    }
    Ok(Evaluation::compliant(METRICS, is_published))
}
