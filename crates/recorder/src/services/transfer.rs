//! Transfer Family: servers, connectors.
//!
//! Shapes: the API's, which are CloudFormation's; AWS Config publishes no schema of
//! `AWS::Transfer::Server`, but one of `AWS::Transfer::Connector`.

use crate::declare::Describe;
use crate::declare::prelude::*;
use crate::shape::{pick, remove};

pub(crate) static SERVICE: Service = Service {
    model: "transfer",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[CONNECTOR, SERVER],
    account: &[],
};

const CONNECTOR: Collector = Collector {
    describe: Some(Describe {
        call: call("DescribeConnector").absent_on(&["ResourceNotFoundException"]),
        member: "ConnectorId",
        id: "ConnectorId",
        size: 0,
        entries: "Connector",
    }),
    name: Some("ConnectorId"),
    arn: Some("Arn"),
    shape: Some(connector),
    tags: Tags::Listed("Tags"),
    ..Collector::of(
        ResourceType::TransferConnector,
        call("ListConnectors").with(&[("MaxResults", Param::Json("1000"))]),
        "Connectors[]",
        "Arn",
    )
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

/// Without what an SFTP connector signs in with.
fn connector(configuration: &mut Value, entry: &Value) {
    *configuration = pick(
        entry,
        &[
            ("AccessRole", "AccessRole"),
            ("Arn", "Arn"),
            ("ConnectorId", "ConnectorId"),
            ("LoggingRole", "LoggingRole"),
            ("Url", "Url"),
        ],
    );
}

/// How many users there are is no configuration of the server.
fn server(configuration: &mut Value, _: &Value) {
    remove(configuration, &["UserCount"]);
}
