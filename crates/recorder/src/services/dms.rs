//! Database Migration Service: endpoints and replication instances.
//!
//! Shapes: AWS Config's schemas of `AWS::DMS::*`, which are CloudFormation's.

use crate::declare::prelude::*;
use crate::shape::{remove, rename};

pub(crate) static SERVICE: Service = Service {
    model: "dms",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[ENDPOINT, REPLICATION_INSTANCE],
    account: &[],
};

/// A page as large as DMS gives.
const PAGE: &[(&str, Param)] = &[("MaxRecords", Param::Json("100"))];

const ENDPOINT: Collector = Collector {
    name: Some("EndpointIdentifier"),
    arn: Some("EndpointArn"),
    shape: Some(endpoint),
    tags: Tags::Bulk("dms:endpoint"),
    ..Collector::of(
        ResourceType::DmsEndpoint,
        call("DescribeEndpoints").with(PAGE),
        "Endpoints[]",
        "EndpointArn",
    )
};

const REPLICATION_INSTANCE: Collector = Collector {
    name: Some("ReplicationInstanceIdentifier"),
    arn: Some("ReplicationInstanceArn"),
    created: Some("InstanceCreateTime"),
    shape: Some(replication_instance),
    tags: Tags::Bulk("dms:replication-instance"),
    ..Collector::of(
        ResourceType::DmsReplicationInstance,
        call("DescribeReplicationInstances").with(PAGE),
        "ReplicationInstances[]",
        "ReplicationInstanceArn",
    )
};

/// CloudFormation spells the engines otherwise.
fn endpoint(configuration: &mut Value, entry: &Value) {
    remove(configuration, &["EngineDisplayName", "Status"]);
    rename(
        configuration,
        &[
            ("EndpointArn", "Id"),
            ("IBMDb2Settings", "IbmDb2Settings"),
            ("MicrosoftSQLServerSettings", "MicrosoftSqlServerSettings"),
            ("MongoDBSettings", "MongoDbSettings"),
            ("MySQLSettings", "MySqlSettings"),
            ("PostgreSQLSettings", "PostgreSqlSettings"),
        ],
    );
    configuration["Id"] = entry["EndpointArn"].clone();
}

fn replication_instance(configuration: &mut Value, entry: &Value) {
    remove(
        configuration,
        &[
            "FreeUntil",
            "PendingModifiedValues",
            "ReplicationInstanceStatus",
        ],
    );
    rename(configuration, &[("ReplicationInstanceArn", "Id")]);
    configuration["Id"] = entry["ReplicationInstanceArn"].clone();
}
