//! Backtracking takes an Aurora MySQL cluster back to before a mistake in minutes, without restoring
//! a backup.
//!
//! ## Result
//! - COMPLIANT: `backtrackWindow` is more than 0 seconds; at least `BacktrackWindowInHours`, where
//!   it is given.
//! - NON_COMPLIANT: the window is 0 or not set, or shorter than asked for.
//! - NOT_APPLICABLE: the cluster is not Aurora MySQL.
//! - INSUFFICIENT_DATA: the cluster was not read, or `BacktrackWindowInHours` is no number.
//!
//! ## What to do
//! Backtracking can't be turned on for a cluster that was made without it: restore a snapshot, or
//! clone the cluster, with a backtrack window, and move the application there. A window that is
//! too short can be made longer at any time.
//!
//! ## Source
//! AWS Config developer guide, managed rule `aurora-mysql-backtracking-enabled`; Security Hub user
//! guide, control RDS.14, for the parameter; RDS API reference, `DBCluster`, for the unit.

use crate::predicates::{databases, parameter};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "aurora-mysql-backtracking-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Aurora MySQL clusters can be backtracked",
    resource_types: &[ResourceType::RdsDbCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: HOURS,
        kind: Kind::Text,
        default: None,
    }],
    reads: &[own(ENGINE), own(WINDOW)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Steps,
    check,
};

const ENGINE: Path = path("configuration.engine");
const WINDOW: Path = path("configuration.backtrackWindow");

const HOURS: &str = "BacktrackWindowInHours";

fn check<'a>(cluster: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let engine = cluster.text(ENGINE)?;
    if !engine.is_some_and(databases::is_aurora_mysql) {
        let because = "the rule is for Aurora MySQL";
        return Ok(Evaluation::not_applicable(ENGINE, engine, because));
    }
    let wanted = params.optional_text(HOURS).map(seconds).transpose()?;
    let window = cluster.integer(WINDOW)?;
    if window.is_none_or(|seconds| seconds < 1) {
        return Ok(Evaluation::non_compliant(WINDOW, window, "more than 0"));
    }
    if let Some(wanted) = wanted
        && window.is_none_or(|seconds| seconds < wanted)
    {
        let expected = format!("at least {wanted}");
        return Ok(Evaluation::non_compliant(WINDOW, window, expected));
    }
    Ok(Evaluation::compliant(WINDOW, window))
}

/// The seconds of a number of hours, which may have a fraction.
fn seconds(hours: &str) -> Result<i64, InsufficientData> {
    let number = Node::Text(hours).as_float();
    let number = number.filter(|hours| (0.0..=72.0).contains(hours));
    #[expect(
        clippy::cast_possible_truncation,
        reason = "72 hours are 259,200 seconds"
    )]
    number
        .map(|hours| (hours * 3_600.0).round() as i64)
        .ok_or_else(|| {
            let message = format!("is {hours:?}, expected a number of hours up to 72");
            parameter::invalid(HOURS, message)
        })
}
