//! Flow logs say what happened to a caller, step by step.
//!
//! ## Result
//! - COMPLIANT: the instance logs its flows to CloudWatch Logs.
//! - NON_COMPLIANT: it doesn't.
//! - INSUFFICIENT_DATA: the instance's attribute was not read, or is not there: Connect always
//!   answers with one.
//!
//! ## What to do
//! Enable flow logs in the instance's settings, and put the block "Set logging behavior" into the
//! flows: without it a flow logs nothing. Turn logging off around blocks that take what callers
//! must not find in a log, such as card numbers.
//!
//! ## Source
//! AWS Config developer guide, managed rule `connect-instance-logging-enabled`.

use crate::predicates::unread;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "connect-instance-logging-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Connect instances log their flows",
    resource_types: &[ResourceType::ConnectInstance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(LOGS)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const LOGS: Path = path("configuration.Attributes.ContactflowLogs");

fn check<'a>(instance: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let logs = unread::recorded_boolean(instance, LOGS)?;
    if !logs {
        return Ok(Evaluation::non_compliant(LOGS, logs, true));
    }
    Ok(Evaluation::compliant(LOGS, logs))
}
