//! Kinesis' data streams.
//!
//! Shapes: AWS Config's item of `AWS::Kinesis::Stream`.

use crate::declare::Describe;
use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "kinesis",
    scope: Scope::Regional,
    // A quarter of the 20 calls a second of `DescribeStreamSummary`, which outnumber those of
    // `ListStreams` (5 a second) by far.
    // <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStreamSummary.html>
    calls_per_second: 5.0,
    collectors: &[STREAM],
    account: &[],
};

const STREAM: Collector = Collector {
    describe: Some(Describe {
        call: call("DescribeStreamSummary").absent_on(&["ResourceNotFoundException"]),
        member: "StreamName",
        id: "",
        size: 0,
        entries: "StreamDescriptionSummary",
    }),
    name: Some("StreamName"),
    arn: Some("StreamARN"),
    created: Some("StreamCreationTimestamp"),
    shape: Some(stream),
    tags: Tags::Bulk("kinesis:stream"),
    ..Collector::of(
        ResourceType::KinesisStream,
        call("ListStreams").with(&[("Limit", Param::Json("1000"))]),
        "StreamNames[]",
        "StreamName",
    )
};

/// CloudFormation's names; a stream that isn't encrypted has no encryption.
fn stream(configuration: &mut Value, entry: &Value) {
    let encryption = entry.get("EncryptionType").filter(|kind| *kind != "NONE");
    *configuration = json!({
        "Arn": entry.get("StreamARN"),
        "Name": entry.get("StreamName"),
        "RetentionPeriodHours": entry.get("RetentionPeriodHours"),
        "ShardCount": entry.get("OpenShardCount"),
        "StreamEncryption": encryption.map(|kind| json!({
            "EncryptionType": kind,
            "KeyId": entry.get("KeyId"),
        })),
    });
}
