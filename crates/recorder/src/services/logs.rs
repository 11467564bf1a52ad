//! CloudWatch Logs' log groups.
//!
//! Shapes: the API's, which AWS Config's rules read; AWS Config publishes no schema of
//! `AWS::Logs::LogGroup`.

use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "logs",
    scope: Scope::Regional,
    // A quarter of the 10 calls a second of `DescribeLogGroups`.
    // <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html>
    calls_per_second: 2.5,
    collectors: &[LOG_GROUP],
    account: &[],
};

const LOG_GROUP: Collector = Collector {
    name: Some("logGroupName"),
    // `arn` ends with `:*`, and the tagging API's doesn't.
    arn: Some("arn:{partition}:logs:{region}:{account}:log-group:{logGroupName}"),
    tags: Tags::Bulk("logs:log-group"),
    ..Collector::of(
        ResourceType::LogsLogGroup,
        call("DescribeLogGroups").with(&[("limit", Param::Json("50"))]),
        "logGroups[]",
        "logGroupName",
    )
};
