//! An alarm without an action changes colour in a console that nobody is looking at.
//!
//! ## Result
//! - COMPLIANT: the alarm has an action for every state that the parameters ask for (by default
//!   `ALARM` and `INSUFFICIENT_DATA`); and one of its actions is one of `action1` to `action5`,
//!   where any is given.
//! - NON_COMPLIANT: a state that is asked for has no action, or no action is one of those.
//! - INSUFFICIENT_DATA: the alarm was not read.
//!
//! Whether the actions are turned on is another rule's question.
//!
//! ## What to do
//! Give the alarm an SNS topic, or another action, for each of these states.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloudwatch-alarm-action-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloudwatch-alarm-action-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "CloudWatch alarms act on the states that matter",
    resource_types: &[ResourceType::CloudWatchAlarm],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[
        required(ALARM_REQUIRED, "true"),
        required(INSUFFICIENT_DATA_REQUIRED, "true"),
        required(OK_REQUIRED, "false"),
        action("action1"),
        action("action2"),
        action("action3"),
        action("action4"),
        action("action5"),
    ],
    reads: &[own(ON_ALARM), own(ON_INSUFFICIENT_DATA), own(ON_OK)],
    severity: Severity::High,
    category: Category::DetectionServices,
    remedy: Remedy::Steps,
    check,
};

const ON_ALARM: Path = path("configuration.alarmActions");
const ON_INSUFFICIENT_DATA: Path = path("configuration.insufficientDataActions");
const ON_OK: Path = path("configuration.okactions");

const ALARM_REQUIRED: &str = "alarmActionRequired";
const INSUFFICIENT_DATA_REQUIRED: &str = "insufficientDataActionRequired";
const OK_REQUIRED: &str = "okActionRequired";
const NAMES: [&str; 5] = ["action1", "action2", "action3", "action4", "action5"];

const STATES: [(Path, &str); 3] = [
    (ON_ALARM, ALARM_REQUIRED),
    (ON_INSUFFICIENT_DATA, INSUFFICIENT_DATA_REQUIRED),
    (ON_OK, OK_REQUIRED),
];

const fn required(name: &'static str, default: &'static str) -> Parameter {
    Parameter {
        name,
        kind: Kind::Boolean,
        default: Some(default),
    }
}

const fn action(name: &'static str) -> Parameter {
    Parameter {
        name,
        kind: Kind::Text,
        default: None,
    }
}

fn check<'a>(alarm: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let mut actions = Vec::new();
    for (place, required) in STATES {
        let of_state = alarm.list(place)?;
        if of_state.is_empty() && params.is_true(required) {
            return Ok(Evaluation::non_compliant(place, None::<&str>, "an action"));
        }
        actions.extend(of_state.iter().filter_map(|action| action.as_text()));
    }
    let wanted: Vec<&str> = NAMES
        .iter()
        .filter_map(|name| params.optional_text(name))
        .collect();
    let found = actions.join(", ");
    if !wanted.is_empty() && !actions.iter().any(|action| wanted.contains(action)) {
        let expected = wanted.join(" or ");
        return Ok(Evaluation::non_compliant(ON_ALARM, found, expected));
    }
    Ok(Evaluation::compliant(ON_ALARM, found))
}
