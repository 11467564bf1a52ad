//! A plan that runs too seldom loses days of work; one that keeps too little can't go back far
//! enough.
//!
//! ## Result
//! - COMPLIANT: one rule of the plan both runs as often as is asked for and keeps what it makes for
//!   `requiredRetentionDays`. A rule without an expiry keeps it for good.
//! - NON_COMPLIANT: no rule does both.
//! - INSUFFICIENT_DATA: the plan was not read; a parameter is out of AWS's range (24 hours, 31
//!   days); or the only rule that might do has a schedule that is not read here, such as the third
//!   Friday.
//!
//! How often a rule runs is the longest gap between two runs of its schedule: on weekdays only
//! means every three days. Without a schedule AWS Backup runs a rule daily.
//!
//! ## What to do
//! Give the plan a rule with a schedule and a lifecycle that meet both.
//!
//! ## Source
//! AWS Config developer guide, managed rule `backup-plan-min-frequency-and-min-retention-check`.

use crate::predicates::{age, parameter, schedule, unread};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "backup-plan-min-frequency-and-min-retention-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Backup plans run often enough and keep backups long enough",
    resource_types: &[ResourceType::BackupBackupPlan],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: FREQUENCY,
            kind: Kind::Integer,
            default: Some("1"),
        },
        Parameter {
            name: RETENTION,
            kind: Kind::Integer,
            default: Some("35"),
        },
        Parameter {
            name: UNIT,
            kind: Kind::Text,
            default: Some("days"),
        },
    ],
    reads: &[own(RULES)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Steps,
    check,
};

const RULES: Path = path("configuration.BackupPlan.BackupPlanRule");

const FREQUENCY: &str = "requiredFrequencyValue";
const UNIT: &str = "requiredFrequencyUnit";
const RETENTION: &str = "requiredRetentionDays";

/// AWS Backup's own, for rules without one.
const DEFAULT_SCHEDULE: &str = "cron(0 5 ? * * *)";

/// AWS Backup's number of days for an expiry that was taken away.
const FOR_GOOD: i64 = -1;

fn check<'a>(plan: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let (value, unit) = (params.integer(FREQUENCY)?, params.text(UNIT)?);
    let frequency = in_minutes(value, unit)?;
    let retention = params.integer(RETENTION)?;
    let mut unclear = None;
    for rule in plan.list(RULES)? {
        if !keeps_for(*rule, retention) {
            continue;
        }
        let schedule = rule.text("ScheduleExpression").unwrap_or(DEFAULT_SCHEDULE);
        match schedule::longest_gap(schedule) {
            Some(gap) if gap <= frequency => return Ok(Evaluation::compliant(RULES, *rule)),
            Some(_) => {}
            None => unclear = Some(schedule),
        }
    }
    if let Some(schedule) = unclear {
        let expected = "a schedule of minutes, hours, days and months";
        return Err(unread::malformed(RULES, format!("{schedule:?}"), expected));
    }
    let every = match value {
        1 => unit.trim_end_matches('s').to_owned(),
        _ => format!("{value} {unit}"),
    };
    let expected = format!(
        "a rule that runs every {every} and keeps backups for {}",
        age::days(retention)
    );
    Ok(Evaluation::non_compliant(
        RULES,
        plan.node(RULES)?,
        expected,
    ))
}

/// Whether a rule's backups live that long. No lifecycle is no expiry, and so are -1 days; what is
/// deleted after an event, such as its copy, may live for an hour.
fn keeps_for(rule: Node<'_>, days: i64) -> bool {
    let Some(lifecycle) = rule.get("Lifecycle") else {
        return true;
    };
    if lifecycle
        .get("DeleteAfterEvent")
        .is_some_and(|event| !event.is_empty())
    {
        return false;
    }
    match lifecycle.get("DeleteAfterDays") {
        None | Some(Node::Null) => true,
        Some(kept) => kept
            .as_integer()
            .is_some_and(|kept| kept == FOR_GOOD || kept >= days),
    }
}

fn in_minutes(value: i64, unit: &str) -> Result<i64, InsufficientData> {
    let (minutes, most) = match unit {
        "hours" => (60, 24),
        "days" => (24 * 60, 31),
        _ => {
            let message = format!("is {unit:?}, expected hours or days");
            return Err(parameter::invalid(UNIT, message));
        }
    };
    if !(1..=most).contains(&value) {
        let message = format!("is {value}, expected 1 to {most} {unit}");
        return Err(parameter::invalid(FREQUENCY, message));
    }
    Ok(value * minutes)
}
