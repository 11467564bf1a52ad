//! A transfer's log says which files failed, and why.
//!
//! ## Result
//! - COMPLIANT: the task has a log group, and logs at the level of `logLevel`.
//! - NON_COMPLIANT: it has no log group, or logs nothing or at another level.
//! - INSUFFICIENT_DATA: the task was not read, or `logLevel` is neither `BASIC` nor `TRANSFER`.
//!
//! The page asks for the very level that is given: a task that logs every file, at the level
//! `TRANSFER`, fails where `BASIC` is asked for. A task in Enhanced mode may do without a log group
//! of its own; the page makes no exception for it.
//!
//! ## What to do
//! Give the task a log group that DataSync may write to, and the log level: `BASIC` says what
//! failed, `TRANSFER` names every file.
//!
//! ## Source
//! AWS Config developer guide, managed rule `datasync-task-logging-enabled`.

use crate::predicates::{lists, parameter};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "datasync-task-logging-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "DataSync tasks log to CloudWatch",
    resource_types: &[ResourceType::DataSyncTask],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: WANTED,
        kind: Kind::Text,
        default: Some("BASIC"),
    }],
    reads: &[own(GROUP), own(LEVEL)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const GROUP: Path = path("configuration.CloudWatchLogGroupArn");
const LEVEL: Path = path("configuration.Options.LogLevel");

const WANTED: &str = "logLevel";

fn check<'a>(task: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let wanted = params.text(WANTED)?;
    if !["BASIC", "TRANSFER"].contains(&wanted) {
        let message = format!("is {wanted:?}, expected BASIC or TRANSFER");
        return Err(parameter::invalid(WANTED, message));
    }
    let group = task.text(GROUP)?;
    if let Some(expected) = lists::unmet(group.as_slice(), &[], "a log group") {
        return Ok(Evaluation::non_compliant(GROUP, group, expected));
    }
    let level = task.text(LEVEL)?;
    if level != Some(wanted) {
        return Ok(Evaluation::non_compliant(LEVEL, level, wanted.to_owned()));
    }
    Ok(Evaluation::compliant(LEVEL, level))
}
