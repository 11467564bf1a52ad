//! An alarm with the right name and the wrong threshold is worse than none: it is trusted.
//!
//! ## Result
//! - COMPLIANT: the alarm is on the metric `metricName` and has every setting that is given.
//! - NON_COMPLIANT: it is on that metric, and one setting differs. `period` is 300 seconds unless
//!   given.
//! - NOT_APPLICABLE: the alarm is on another metric, or on an expression of several.
//! - INSUFFICIENT_DATA: the alarm was not read, or `metricName` is not given.
//!
//! ## What to do
//! Change the alarm's setting, or the parameter where the alarm is right.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloudwatch-alarm-settings-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloudwatch-alarm-settings-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "CloudWatch alarms on the metric have the settings asked for",
    resource_types: &[ResourceType::CloudWatchAlarm],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[
        parameter(METRIC_NAME, Kind::Text, None),
        parameter("threshold", Kind::Integer, None),
        parameter("evaluationPeriods", Kind::Integer, None),
        parameter("period", Kind::Integer, Some("300")),
        parameter("comparisonOperator", Kind::Text, None),
        parameter("statistic", Kind::Text, None),
    ],
    reads: &[
        own(METRIC),
        own(THRESHOLD),
        own(EVALUATION_PERIODS),
        own(PERIOD),
        own(COMPARISON),
        own(STATISTIC),
    ],
    severity: Severity::Medium,
    category: Category::DetectionServices,
    remedy: Remedy::Steps,
    check,
};

const METRIC: Path = path("configuration.metricName");
const THRESHOLD: Path = path("configuration.threshold");
const EVALUATION_PERIODS: Path = path("configuration.evaluationPeriods");
const PERIOD: Path = path("configuration.period");
const COMPARISON: Path = path("configuration.comparisonOperator");
const STATISTIC: Path = path("configuration.statistic");

const METRIC_NAME: &str = "metricName";

const NUMBERS: [(Path, &str); 3] = [
    (THRESHOLD, "threshold"),
    (EVALUATION_PERIODS, "evaluationPeriods"),
    (PERIOD, "period"),
];
const TEXTS: [(Path, &str); 2] = [(COMPARISON, "comparisonOperator"), (STATISTIC, "statistic")];

const fn parameter(name: &'static str, kind: Kind, default: Option<&'static str>) -> Parameter {
    Parameter {
        name,
        kind,
        default,
    }
}

fn check<'a>(alarm: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let wanted = params.text(METRIC_NAME)?;
    let metric = alarm.text(METRIC)?;
    if metric != Some(wanted) {
        let because = format!("the rule is for {wanted}");
        return Ok(Evaluation::not_applicable(METRIC, metric, because));
    }
    for (place, name) in NUMBERS {
        if let Some(wanted) = params.optional_integer(name) {
            let found = alarm.node(place)?;
            if !found.is_some_and(|found| is_number(found, wanted)) {
                return Ok(Evaluation::non_compliant(place, found, wanted));
            }
        }
    }
    for (place, name) in TEXTS {
        if let Some(wanted) = params.optional_text(name) {
            let found = alarm.text(place)?;
            if found != Some(wanted) {
                return Ok(Evaluation::non_compliant(place, found, wanted.to_owned()));
            }
        }
    }
    Ok(Evaluation::compliant(METRIC, metric))
}

/// Thresholds are recorded with a fraction, such as `80.0`, and asked for without one.
fn is_number(node: Node<'_>, wanted: i64) -> bool {
    match node {
        Node::Float(value) => value.to_string() == wanted.to_string(),
        _ => node.as_integer() == Some(wanted),
    }
}
