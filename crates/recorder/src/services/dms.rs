//! Database Migration Service: endpoints, replication instances and replication tasks.
//!
//! Shapes: AWS Config's schemas of `AWS::DMS::*`, which are CloudFormation's.

use crate::declare::prelude::*;
use crate::shape::{add, pick, remove, rename};
use crate::text::{value, values};

pub(crate) static SERVICE: Service = Service {
    model: "dms",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[ENDPOINT, REPLICATION_INSTANCE, REPLICATION_TASK],
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

const REPLICATION_TASK: Collector = Collector {
    name: Some("ReplicationTaskIdentifier"),
    arn: Some("ReplicationTaskArn"),
    created: Some("ReplicationTaskCreationDate"),
    shape: Some(replication_task),
    tags: Tags::Bulk("dms:task"),
    ..Collector::of(
        ResourceType::DmsReplicationTask,
        call("DescribeReplicationTasks").with(PAGE),
        "ReplicationTasks[]",
        "ReplicationTaskArn",
    )
};

/// CloudFormation spells the engines otherwise.
fn endpoint(configuration: &mut Value, _: &Value) {
    remove(configuration, &["EngineDisplayName", "Status"]);
    rename(
        configuration,
        &[
            ("EndpointArn", "Id"),
            ("IBMDb2Settings", "IbmDb2Settings"),
            ("MicrosoftSQLServerSettings", "MicrosoftSqlServerSettings"),
            ("MySQLSettings", "MySqlSettings"),
            ("PostgreSQLSettings", "PostgreSqlSettings"),
        ],
    );
}

fn replication_instance(configuration: &mut Value, entry: &Value) {
    let same = [
        "AllocatedStorage",
        "AutoMinorVersionUpgrade",
        "AvailabilityZone",
        "EngineVersion",
        "KmsKeyId",
        "MultiAZ",
        "NetworkType",
        "PreferredMaintenanceWindow",
        "PubliclyAccessible",
        "ReplicationInstanceClass",
        "ReplicationInstanceIdentifier",
        "ReplicationInstancePrivateIpAddresses",
        "ReplicationInstancePublicIpAddresses",
    ];
    let mut shaped = pick(entry, &same.map(|member| (member, member)));
    let subnets = value(
        "ReplicationSubnetGroup.ReplicationSubnetGroupIdentifier",
        entry,
    );
    add(
        &mut shaped,
        "ReplicationSubnetGroupIdentifier",
        subnets.cloned(),
    );
    let groups = values("VpcSecurityGroups[].VpcSecurityGroupId", entry);
    let groups = groups.into_iter().cloned().collect();
    add(&mut shaped, "VpcSecurityGroupIds", Some(groups));
    add(
        &mut shaped,
        "Id",
        entry.get("ReplicationInstanceArn").cloned(),
    );
    *configuration = shaped;
}

/// How far a task has come, and why it stopped, is no part of it.
fn replication_task(configuration: &mut Value, entry: &Value) {
    let same = [
        "CdcStartPosition",
        "CdcStopPosition",
        "MigrationType",
        "ReplicationInstanceArn",
        "ReplicationTaskIdentifier",
        "ReplicationTaskSettings",
        "SourceEndpointArn",
        "TableMappings",
        "TargetEndpointArn",
    ];
    let mut shaped = pick(entry, &same.map(|member| (member, member)));
    add(&mut shaped, "Id", entry.get("ReplicationTaskArn").cloned());
    *configuration = shaped;
}
