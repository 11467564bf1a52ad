//! Data Firehose's streams.
//!
//! Shapes: AWS Config's schema of `AWS::KinesisFirehose::DeliveryStream`, which is
//! CloudFormation's.

use crate::declare::Describe;
use crate::declare::prelude::*;
use crate::shape::{add, pick};
use crate::text::value;

pub(crate) static SERVICE: Service = Service {
    model: "firehose",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[DELIVERY_STREAM],
    account: &[],
};

const DELIVERY_STREAM: Collector = Collector {
    describe: Some(Describe {
        call: call("DescribeDeliveryStream").absent_on(&["ResourceNotFoundException"]),
        member: "DeliveryStreamName",
        id: "",
        size: 0,
        entries: "DeliveryStreamDescription",
    }),
    name: Some("DeliveryStreamName"),
    arn: Some("DeliveryStreamARN"),
    created: Some("CreateTimestamp"),
    shape: Some(delivery_stream),
    tags: Tags::Bulk("firehose:deliverystream"),
    ..Collector::of(
        ResourceType::KinesisFirehoseDeliveryStream,
        // The listing has no token: one page, as large as Firehose gives.
        call("ListDeliveryStreams").with(&[("Limit", Param::Json("10000"))]),
        "DeliveryStreamNames[]",
        "DeliveryStreamName",
    )
};

/// Encryption that is not in effect is none. Without the destinations, which may hold secrets.
fn delivery_stream(configuration: &mut Value, entry: &Value) {
    *configuration = pick(
        entry,
        &[
            ("Arn", "DeliveryStreamARN"),
            ("DeliveryStreamName", "DeliveryStreamName"),
            ("DeliveryStreamType", "DeliveryStreamType"),
        ],
    );
    let status = value("DeliveryStreamEncryptionConfiguration.Status", entry);
    if status.and_then(Value::as_str) == Some("ENABLED") {
        let encryption = pick(
            entry,
            &[
                ("KeyARN", "DeliveryStreamEncryptionConfiguration.KeyARN"),
                ("KeyType", "DeliveryStreamEncryptionConfiguration.KeyType"),
            ],
        );
        let member = "DeliveryStreamEncryptionConfigurationInput";
        add(configuration, member, Some(encryption));
    }
}
