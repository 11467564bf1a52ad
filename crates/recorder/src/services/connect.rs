//! Connect's instances.
//!
//! Shapes: AWS Config's schema of `AWS::Connect::Instance`, which is CloudFormation's.

use crate::declare::prelude::*;
use crate::shape::pick;
use crate::text::value;

pub(crate) static SERVICE: Service = Service {
    model: "connect",
    scope: Scope::Regional,
    // A quarter of the 2 calls a second of each operation.
    // <https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html>
    calls_per_second: 0.5,
    collectors: &[INSTANCE],
    account: &[],
};

const INSTANCE: Collector = Collector {
    name: Some("InstanceAlias"),
    arn: Some("Arn"),
    created: Some("CreatedTime"),
    shape: Some(instance),
    tags: Tags::Bulk("connect:instance"),
    details: &[
        detail("DescribeInstanceAttribute", "configuration.Attributes")
            .with(&[
                ("InstanceId", Param::Item("Id")),
                ("AttributeType", Param::Json(r#""CONTACTFLOW_LOGS""#)),
            ])
            .absent_on(&["ResourceNotFoundException"])
            .take("Attribute")
            .shape(attributes),
    ],
    ..Collector::of(
        ResourceType::ConnectInstance,
        call("ListInstances"),
        "InstanceSummaryList[]",
        "Arn",
    )
};

fn instance(configuration: &mut Value, entry: &Value) {
    *configuration = pick(
        entry,
        &[
            ("Arn", "Arn"),
            ("CreatedTime", "CreatedTime"),
            ("Id", "Id"),
            ("IdentityManagementType", "IdentityManagementType"),
            ("InstanceAlias", "InstanceAlias"),
            ("InstanceStatus", "InstanceStatus"),
            ("ServiceRole", "ServiceRole"),
        ],
    );
}

/// CloudFormation has all attributes in one object, as booleans; what is no boolean stays the text
/// that it is.
fn attributes(attribute: &Value) -> Value {
    let text = value("Value", attribute).and_then(Value::as_str);
    let logs = match text.map(str::to_lowercase).as_deref() {
        Some("true") => json!(true),
        Some("false") => json!(false),
        _ => json!(text),
    };
    json!({ "ContactflowLogs": logs })
}
