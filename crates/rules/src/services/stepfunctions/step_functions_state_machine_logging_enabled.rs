//! An execution's history is gone after 90 days, and an express workflow has none: the log is what
//! stays.
//!
//! ## Result
//! - COMPLIANT: the state machine logs, at `logLevel` or more where that is given, and to one of
//!   `cloudWatchLogGroupArns` only where those are given.
//! - NON_COMPLIANT: its log level is `OFF`, not set, or under `logLevel`; or it logs to another
//!   group. A state machine has one log group at most, so one of those that are given is enough.
//! - INSUFFICIENT_DATA: the logging configuration was not read, or `logLevel` is no level.
//!
//! ## What to do
//! Set a logging configuration with a level and a log group, and let the state machine's role write
//! there.
//!
//! ## Source
//! AWS Config developer guide, managed rule `step-functions-state-machine-logging-enabled`.

use crate::predicates::parameter;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "step-functions-state-machine-logging-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Step Functions state machines log their executions",
    resource_types: &[ResourceType::StepFunctionsStateMachine],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: GROUPS,
            kind: Kind::List,
            default: None,
        },
        Parameter {
            name: MINIMUM,
            kind: Kind::Text,
            default: None,
        },
    ],
    reads: &[own(LEVEL), own(GROUP)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const LEVEL: Path = path("configuration.LoggingConfiguration.Level");
const GROUP: Path =
    path("configuration.LoggingConfiguration.Destinations[*].CloudWatchLogsLogGroup.LogGroupArn");

const MINIMUM: &str = "logLevel";
const GROUPS: &str = "cloudWatchLogGroupArns";

/// From the least that is logged to the most.
const LEVELS: [&str; 3] = ["FATAL", "ERROR", "ALL"];

fn check<'a>(machine: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let level = machine.text(LEVEL)?;
    let wanted = params.optional_text(MINIMUM).unwrap_or("FATAL");
    let Some(minimum) = rank(wanted) else {
        let message = format!("is {wanted:?}, expected one of {}", LEVELS.join(", "));
        return Err(parameter::invalid(MINIMUM, message));
    };
    if level.and_then(rank).is_none_or(|rank| rank < minimum) {
        let expected = format!("{wanted} or more");
        return Ok(Evaluation::non_compliant(LEVEL, level, expected));
    }
    let wanted = params.list(GROUPS);
    if !wanted.is_empty() {
        let groups = machine.each(GROUP)?;
        let is_wanted = |group: &Node<'_>| {
            let group = group.as_text();
            wanted
                .iter()
                .any(|wanted| group.is_some_and(|group| is_same_group(wanted, group)))
        };
        let other = groups.iter().find(|group| !is_wanted(group)).copied();
        if groups.is_empty() || other.is_some() {
            return Ok(Evaluation::non_compliant(GROUP, other, wanted.join(" or ")));
        }
    }
    Ok(Evaluation::compliant(LEVEL, level))
}

/// How much a level logs; none where it is `OFF` or no level at all.
fn rank(level: &str) -> Option<usize> {
    LEVELS.iter().position(|known| *known == level)
}

/// Log groups' ARNs come with and without `:*` at their end.
fn is_same_group(one: &str, other: &str) -> bool {
    one.trim_end_matches(":*") == other.trim_end_matches(":*")
}
