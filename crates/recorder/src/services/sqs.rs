//! SQS' queues.
//!
//! Shapes: AWS Config's schema of `AWS::SQS::Queue`.

use crate::declare::Describe;
use crate::declare::prelude::*;
use crate::shape::pick;
use crate::text::value;

pub(crate) static SERVICE: Service = Service {
    model: "sqs",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[QUEUE],
    account: &[],
};

const QUEUE: Collector = Collector {
    // The attributes don't say the queue's URL.
    describe: Some(Describe {
        call: call("GetQueueAttributes")
            .with(&[("AttributeNames", Param::Json(r#"["All"]"#))])
            .absent_on(&[
                "AWS.SimpleQueueService.NonExistentQueue",
                "QueueDoesNotExist",
            ]),
        member: "QueueUrl",
        id: "",
        size: 0,
        entries: "Attributes",
    }),
    arn: Some("QueueArn"),
    shape: Some(queue),
    tags: Tags::Bulk("sqs"),
    details: &[detail(
        "GetQueueAttributes",
        "supplementaryConfiguration.GetQueueAttributes",
    )
    .with(&[("QueueUrl", Param::Item("QueueUrl"))])
    .in_entry()
    .shape(policy)],
    ..Collector::of(
        ResourceType::SqsQueue,
        call("ListQueues").with(&[("MaxResults", Param::Json("1000"))]),
        "QueueUrls[]",
        "QueueUrl",
    )
};

/// CloudFormation's members, its numbers as numbers. How many messages wait is no configuration.
fn queue(configuration: &mut Value, entry: &Value) {
    *configuration = pick(
        entry,
        &[
            ("ContentBasedDeduplication", "ContentBasedDeduplication"),
            ("DeduplicationScope", "DeduplicationScope"),
            ("FifoQueue", "FifoQueue"),
            ("FifoThroughputLimit", "FifoThroughputLimit"),
            ("KmsMasterKeyId", "KmsMasterKeyId"),
            ("QueueArn", "QueueArn"),
            ("QueueUrl", "QueueUrl"),
            ("SqsManagedSseEnabled", "SqsManagedSseEnabled"),
        ],
    );
    let text = |name| value(name, entry).and_then(Value::as_str);
    configuration["QueueName"] = json!(text("QueueArn").and_then(|arn| arn.rsplit(':').next()));
    for name in [
        "DelaySeconds",
        "KmsDataKeyReusePeriodSeconds",
        "MaximumMessageSize",
        "MessageRetentionPeriod",
        "ReceiveMessageWaitTimeSeconds",
        "VisibilityTimeout",
    ] {
        if let Some(number) = text(name).and_then(|text| text.parse::<i64>().ok()) {
            configuration[name] = json!(number);
        }
    }
}

/// What AWS Config's schema leaves out. A queue may have none; that SQS was asked, the ARN says.
fn policy(entry: &Value) -> Value {
    let attributes = pick(entry, &[("Policy", "Policy"), ("QueueArn", "QueueArn")]);
    json!({ "Attributes": attributes })
}
