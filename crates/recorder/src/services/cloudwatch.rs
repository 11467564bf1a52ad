//! CloudWatch's alarms on metrics.
//!
//! Shapes: AWS Config's item of `AWS::CloudWatch::Alarm`, which leaves out the alarm's state.

use crate::declare::prelude::*;
use crate::shape::remove;

pub(crate) static SERVICE: Service = Service {
    model: "cloudwatch",
    scope: Scope::Regional,
    // A quarter of the 9 calls a second of `DescribeAlarms`.
    // <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html>
    calls_per_second: 2.25,
    collectors: &[ALARM],
    account: &[],
};

const ALARM: Collector = Collector {
    name: Some("AlarmName"),
    arn: Some("AlarmArn"),
    casing: Casing::Bean,
    shape: Some(alarm),
    tags: Tags::Bulk("cloudwatch:alarm"),
    ..Collector::of(
        ResourceType::CloudWatchAlarm,
        call("DescribeAlarms").with(&[
            ("AlarmTypes", Param::Json(r#"["MetricAlarm"]"#)),
            ("MaxRecords", Param::Json("100")),
        ]),
        "MetricAlarms[]",
        "AlarmName",
    )
};

fn alarm(configuration: &mut Value, _: &Value) {
    let state = [
        "evaluationState",
        "stateReason",
        "stateReasonData",
        "stateTransitionedTimestamp",
        "stateUpdatedTimestamp",
        "stateValue",
    ];
    remove(configuration, &state);
}
