//! DynamoDB's tables, and its limits in the account.
//!
//! Shapes: AWS Config's item of `AWS::DynamoDB::Table`.

use crate::declare::prelude::*;
use crate::declare::{How, Join};
use crate::shape::{pick, remove};
use crate::text::value;

pub(crate) static SERVICE: Service = Service {
    model: "dynamodb",
    scope: Scope::Regional,
    // A quarter of the 10 calls a second of `DescribeContinuousBackups`, which is every other call.
    // <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html>
    calls_per_second: 5.0,
    collectors: &[TABLE],
    account: &[fact("DescribeLimits")],
};

const TABLE: Collector = Collector {
    describe: Some(crate::declare::Describe {
        call: call("DescribeTable").absent_on(&["ResourceNotFoundException"]),
        member: "TableName",
        id: "",
        size: 0,
        entries: "Table",
    }),
    name: Some("TableName"),
    arn: Some("TableArn"),
    created: Some("CreationDateTime"),
    casing: Casing::Bean,
    tags: Tags::Bulk("dynamodb:table"),
    details: &[
        detail(
            "DescribeContinuousBackups",
            "supplementaryConfiguration.ContinuousBackupsDescription",
        )
        .with(&[("TableName", Param::Item("TableName"))])
        .absent_on(&["TableNotFoundException"])
        .take("ContinuousBackupsDescription")
        .casing(Casing::Bean)
        .shape(continuous_backups),
        scaling(
            "DescribeScalableTargets",
            "ScalableTargets[]",
            scalable_targets,
        )
        .shape(without_table_of_targets),
        scaling(
            "DescribeScalingPolicies",
            "ScalingPolicies[]",
            scaling_policies,
        )
        .shape(without_table_of_policies),
    ],
    ..Collector::of(
        ResourceType::DynamoDbTable,
        call("ListTables"),
        "TableNames[]",
        "TableName",
    )
};

/// What says whose an entry is, while it is told apart.
const OF_TABLE: &str = "table";

/// What Application Auto Scaling knows of all tables and their indexes, told apart by table.
const fn scaling(
    operation: &'static str,
    entries: &'static str,
    read: fn(&Value) -> Value,
) -> Detail {
    let into = match operation.as_bytes() {
        b"DescribeScalableTargets" => "supplementaryConfiguration.DescribeScalableTargets",
        _ => "supplementaryConfiguration.DescribeScalingPolicies",
    };
    Detail {
        how: How::Join(Join {
            entries,
            by: OF_TABLE,
            with: "table/{TableName}",
            is_one: false,
            read: Some(read),
        }),
        ..detail(operation, into)
            .of("application-autoscaling")
            .with(&[("ServiceNamespace", Param::Json(r#""dynamodb""#))])
    }
}

fn scalable_targets(reply: &Value) -> Value {
    with_table(reply, "ScalableTargets")
}

fn scaling_policies(reply: &Value) -> Value {
    with_table(reply, "ScalingPolicies")
}

/// `table/orders/index/by-day` is of `table/orders`.
fn with_table(reply: &Value, member: &str) -> Value {
    let mut reply = reply.clone();
    let entries = reply.get_mut(member).and_then(Value::as_array_mut);
    for entry in entries.into_iter().flatten() {
        let resource = value("ResourceId", entry).and_then(Value::as_str);
        let mut steps = resource.unwrap_or_default().splitn(3, '/');
        if let (Some(first), Some(table)) = (steps.next(), steps.next()) {
            let table = format!("{first}/{table}");
            entry[OF_TABLE] = Value::String(table);
        }
    }
    reply
}

fn without_table_of_targets(reply: &Value) -> Value {
    without_table(reply, "ScalableTargets")
}

fn without_table_of_policies(reply: &Value) -> Value {
    without_table(reply, "ScalingPolicies")
}

fn without_table(reply: &Value, member: &str) -> Value {
    let mut reply = reply.clone();
    let entries = reply.get_mut(member).and_then(Value::as_array_mut);
    for entry in entries.into_iter().flatten() {
        remove(entry, &[OF_TABLE]);
    }
    reply
}

/// Without the times between which a table can be restored: they move with the clock.
fn continuous_backups(found: &Value) -> Value {
    let mut shaped = pick(
        found,
        &[("continuousBackupsStatus", "continuousBackupsStatus")],
    );
    if let Some(recovery) = found.get("pointInTimeRecoveryDescription") {
        let mut recovery = recovery.clone();
        remove(
            &mut recovery,
            &["earliestRestorableDateTime", "latestRestorableDateTime"],
        );
        shaped["pointInTimeRecoveryDescription"] = recovery;
    }
    shaped
}
