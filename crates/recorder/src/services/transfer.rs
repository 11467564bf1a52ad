//! Transfer Family's servers.
//!
//! Shapes: the API's, which are CloudFormation's; AWS Config publishes no schema of
//! `AWS::Transfer::Server`.

use crate::declare::Describe;
use crate::declare::prelude::*;
use crate::shape::remove;

pub(crate) static SERVICE: Service = Service {
    model: "transfer",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[SERVER],
    account: &[],
};

const SERVER: Collector = Collector {
    describe: Some(Describe {
        call: call("DescribeServer").absent_on(&["ResourceNotFoundException"]),
        member: "ServerId",
        id: "ServerId",
        size: 0,
        entries: "Server",
    }),
    name: Some("ServerId"),
    arn: Some("Arn"),
    shape: Some(server),
    tags: Tags::Listed("Tags"),
    ..Collector::of(
        ResourceType::TransferServer,
        call("ListServers").with(&[("MaxResults", Param::Json("1000"))]),
        "Servers[]",
        "Arn",
    )
};

/// How many users there are is no configuration of the server.
fn server(configuration: &mut Value, _: &Value) {
    remove(configuration, &["UserCount"]);
}
