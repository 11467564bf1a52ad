//! A log that is gone when it is asked for was never worth writing.
//!
//! ## Result
//! - COMPLIANT: the log group keeps its events for `MinRetentionTime` days (365 unless given) or
//!   more, or never lets them expire.
//! - NON_COMPLIANT: it keeps them for less.
//! - NOT_APPLICABLE: `LogGroupNames` is given, and no name there is the beginning of the group's.
//!   AWS's page speaks of names, its page for China of prefixes: prefixes judge more groups.
//! - INSUFFICIENT_DATA: the log group was not read.
//!
//! ## What to do
//! Set the group's retention; events that are gone already stay gone.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cw-loggroup-retention-period-check`.

use crate::predicates::age;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cw-loggroup-retention-period-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Log groups keep their events long enough",
    resource_types: &[ResourceType::LogsLogGroup],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: GROUP_NAMES,
            kind: Kind::List,
            default: None,
        },
        Parameter {
            name: MINIMUM,
            kind: Kind::Integer,
            default: Some("365"),
        },
    ],
    reads: &[own(NAME), own(RETENTION)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Automation("ASR-SetLogGroupRetentionDays"),
    check,
};

const NAME: Path = path("configuration.logGroupName");
const RETENTION: Path = path("configuration.retentionInDays");

const GROUP_NAMES: &str = "LogGroupNames";
const MINIMUM: &str = "MinRetentionTime";

fn check<'a>(group: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let prefixes = params.list(GROUP_NAMES);
    if !prefixes.is_empty() {
        let name = group.text(NAME)?;
        let is_meant = |prefix: &String| name.is_some_and(|name| name.starts_with(prefix.as_str()));
        if !prefixes.iter().any(is_meant) {
            let because = format!("the rule is for {}", prefixes.join(", "));
            return Ok(Evaluation::not_applicable(NAME, name, because));
        }
    }
    let minimum = params.integer(MINIMUM)?;
    match group.integer(RETENTION)? {
        None => Ok(Evaluation::compliant(RETENTION, "never expire")),
        Some(days) if days >= minimum => Ok(Evaluation::compliant(RETENTION, days)),
        Some(days) => {
            let expected = format!("{} or more", age::days(minimum));
            Ok(Evaluation::non_compliant(RETENTION, days, expected))
        }
    }
}
