//! An instance that has been off for a month is mostly forgotten: unpatched, its volumes billed,
//! and a surprise when it starts.
//!
//! ## Result
//! - COMPLIANT: the instance is not stopped, or has been for `AllowedDays` days or fewer.
//! - NON_COMPLIANT: it has been stopped for longer, or the time when it stopped can't be told. AWS
//!   says so itself of the latter.
//! - INSUFFICIENT_DATA: the instance's state was not read.
//!
//! AWS takes the time from AWS Config's history; here it is the one that EC2 writes into
//! `stateTransitionReason`.
//!
//! ## What to do
//! Find whose it is. Take a snapshot or an image of what is still of use, and terminate the
//! instance.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ec2-stopped-instance`.

use jiff::Timestamp;
use posture_model::time;

use crate::predicates::age;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ec2-stopped-instance",
    identifier: Identifier::FromId,
    version: 2,
    title: "No EC2 instance has been stopped for longer than the limit",
    resource_types: &[ResourceType::Ec2Instance],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: ALLOWED_DAYS,
        kind: Kind::Integer,
        default: Some("30"),
    }],
    reads: &[own(STATE), own(REASON)],
    severity: Severity::Medium,
    category: Category::Inventory,
    remedy: Remedy::Automation("AWS-TerminateEC2Instance"),
    check,
};

const STATE: Path = path("configuration.state.name");
const REASON: Path = path("configuration.stateTransitionReason");

const ALLOWED_DAYS: &str = "AllowedDays";

fn check<'a>(
    instance: &ConfigurationItem<'a>,
    params: &Params,
    context: &Context<'a>,
) -> Verdict<'a> {
    let state = instance.text(STATE)?;
    if state.is_some_and(|state| state != "stopped") {
        return Ok(Evaluation::compliant(STATE, state));
    }
    let allowed = params.integer(ALLOWED_DAYS)?;
    let reason = instance.text(REASON)?;
    let expected = format!("stopped for at most {}", age::days(allowed));
    let Some(stopped) = reason.and_then(stop_time) else {
        return Ok(Evaluation::non_compliant(REASON, reason, expected));
    };
    let days = context.days_since(stopped);
    let found = format!("stopped for {}", age::days(days));
    if days > allowed {
        return Ok(Evaluation::non_compliant(REASON, found, expected));
    }
    Ok(Evaluation::compliant(REASON, found))
}

/// The time in a reason such as `User initiated (2026-03-04 00:18:34 GMT)`; who stands in for AWS
/// may write `UTC`.
fn stop_time(reason: &str) -> Option<Timestamp> {
    let (_, after) = reason.split_once('(')?;
    let (time, _) = after
        .split_once(" GMT)")
        .or_else(|| after.split_once(" UTC)"))?;
    time::read(Node::Text(time))
}
