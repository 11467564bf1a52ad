//! A backup that is gone before the damage is noticed was made for nothing.
//!
//! ## Result
//! - COMPLIANT: the recovery point is kept for `requiredRetentionDays` days (35 unless given) or
//!   more after it was made, or never expires.
//! - NON_COMPLIANT: it expires earlier, or after an event such as its copy, which may be within the
//!   hour.
//! - INSUFFICIENT_DATA: the recovery point's lifecycle was not read.
//!
//! ## What to do
//! Change the recovery point's lifecycle, and the backup plan's for those that follow. The
//! lifecycle of a continuous backup follows its plan alone.
//!
//! ## Source
//! AWS Config developer guide, managed rule `backup-recovery-point-minimum-retention-check`.

use crate::predicates::age;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "backup-recovery-point-minimum-retention-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Recovery points are kept long enough",
    resource_types: &[ResourceType::BackupRecoveryPoint],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: REQUIRED,
        kind: Kind::Integer,
        default: Some("35"),
    }],
    reads: &[own(EVENT), own(DAYS)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Steps,
    check,
};

const EVENT: Path = path("configuration.Lifecycle.DeleteAfterEvent");
const DAYS: Path = path("configuration.Lifecycle.DeleteAfterDays");

const REQUIRED: &str = "requiredRetentionDays";

/// What AWS Backup's API takes for an expiry that was taken away.
const FOR_GOOD: i64 = -1;

fn check<'a>(point: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let required = params.integer(REQUIRED)?;
    if let Some(event) = point.text(EVENT)?.filter(|event| !event.is_empty()) {
        let expected = format!("kept for {} or more", age::days(required));
        return Ok(Evaluation::non_compliant(EVENT, event, expected));
    }
    match point.integer(DAYS)? {
        None | Some(FOR_GOOD) => Ok(Evaluation::compliant(DAYS, "never expires")),
        Some(days) if days >= required => Ok(Evaluation::compliant(DAYS, days)),
        Some(days) => {
            let expected = format!("{} or more", age::days(required));
            Ok(Evaluation::non_compliant(DAYS, days, expected))
        }
    }
}
