//! Records that a consumer missed can be read again only as long as the stream keeps them.
//!
//! ## Result
//! - COMPLIANT: the stream keeps its records for as many hours as `minimumBackupRetentionPeriod`
//!   says (168), or longer.
//! - NON_COMPLIANT: it keeps them for fewer.
//! - INSUFFICIENT_DATA: the stream was not read, or the parameter is not within 24 to 8760.
//!
//! ## What to do
//! Increase the stream's retention period. Each hour above 24 is billed, those above 168 otherwise
//! than those below.
//!
//! ## Source
//! AWS Config developer guide, managed rule `kinesis-stream-backup-retention-check`.

use crate::predicates::parameter;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "kinesis-stream-backup-retention-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Kinesis streams keep their records long enough",
    resource_types: &[ResourceType::KinesisStream],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: MINIMUM,
        kind: Kind::Integer,
        default: Some("168"),
    }],
    reads: &[own(RETENTION)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Steps,
    check,
};

const RETENTION: Path = path("configuration.RetentionPeriodHours");

const MINIMUM: &str = "minimumBackupRetentionPeriod";

fn check<'a>(stream: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let minimum = params.integer(MINIMUM)?;
    if !(24..=8760).contains(&minimum) {
        let message = format!("is {minimum}, expected 24 to 8760 hours");
        return Err(parameter::invalid(MINIMUM, message));
    }
    let retention = stream.integer(RETENTION)?;
    if retention.is_none_or(|hours| hours < minimum) {
        let expected = format!("at least {minimum}");
        return Ok(Evaluation::non_compliant(RETENTION, retention, expected));
    }
    Ok(Evaluation::compliant(RETENTION, retention))
}
