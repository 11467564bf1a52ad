//! RDS, with the clusters and instances of DocumentDB and Neptune: its listings tell of them too.
//!
//! Shapes: AWS Config's items of `AWS::RDS::*`.

use crate::declare::prelude::*;
use crate::shape::pick;
use crate::text::values;

pub(crate) static SERVICE: Service = Service {
    model: "rds",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[
        DB_CLUSTER,
        DB_CLUSTER_SNAPSHOT,
        DB_INSTANCE,
        DB_SECURITY_GROUP,
        DB_SNAPSHOT,
    ],
    account: &[],
};

const GUARDED: Relation = Relation::ids(
    "Is associated with SecurityGroup",
    ResourceType::Ec2SecurityGroup,
    "VpcSecurityGroups[].VpcSecurityGroupId",
);

const DB_CLUSTER: Collector = Collector {
    name: Some("DBClusterIdentifier"),
    arn: Some("DBClusterArn"),
    created: Some("ClusterCreateTime"),
    casing: Casing::Bean,
    tags: Tags::Listed("TagList"),
    relationships: &[
        GUARDED,
        Relation::names(
            "Is associated with DBSubnetGroup",
            ResourceType::RdsDbSubnetGroup,
            "DBSubnetGroup",
        ),
        Relation::names(
            "Contains DBInstance",
            ResourceType::RdsDbInstance,
            "DBClusterMembers[].DBInstanceIdentifier",
        ),
    ],
    ..Collector::of(
        ResourceType::RdsDbCluster,
        call("DescribeDBClusters"),
        "DBClusters[]",
        "DbClusterResourceId|DBClusterIdentifier",
    )
};

const DB_CLUSTER_SNAPSHOT: Collector = Collector {
    name: Some("DBClusterSnapshotIdentifier"),
    arn: Some("DBClusterSnapshotArn"),
    created: Some("SnapshotCreateTime"),
    casing: Casing::Bean,
    tags: Tags::Listed("TagList"),
    details: &[detail(
        "DescribeDBClusterSnapshotAttributes",
        "supplementaryConfiguration.DBClusterSnapshotAttributes",
    )
    .with(&[(
        "DBClusterSnapshotIdentifier",
        Param::Item("DBClusterSnapshotIdentifier"),
    )])
    .only(can_be_shared)
    .absent_on(&["DBClusterSnapshotNotFoundFault"])
    .take("DBClusterSnapshotAttributesResult.DBClusterSnapshotAttributes")
    .casing(Casing::Bean)],
    relationships: &[
        Relation::ids("Is associated with Vpc", ResourceType::Ec2Vpc, "VpcId"),
        Relation::names(
            "Is associated with DBCluster",
            ResourceType::RdsDbCluster,
            "DBClusterIdentifier",
        ),
    ],
    ..Collector::of(
        ResourceType::RdsDbClusterSnapshot,
        call("DescribeDBClusterSnapshots"),
        "DBClusterSnapshots[]",
        "DBClusterSnapshotIdentifier",
    )
};

const DB_INSTANCE: Collector = Collector {
    name: Some("DBInstanceIdentifier"),
    arn: Some("DBInstanceArn"),
    created: Some("InstanceCreateTime"),
    casing: Casing::First,
    tags: Tags::Listed("TagList"),
    details: &[detail(
        "DescribeDBParameters",
        "supplementaryConfiguration.DescribeDBParameters",
    )
    .with(&[
        (
            "DBParameterGroupName",
            Param::Item("DBParameterGroups[].DBParameterGroupName"),
        ),
        (
            "Filters",
            Param::Json(
                r#"[{"Name":"parameter-name","Values":["rds.force_ssl","require_secure_transport"]}]"#,
            ),
        ),
    ])
    .once_per_input()
    .only(takes_tls_by_its_group)
    .shape(parameters)],
    relationships: &[
        GUARDED,
        Relation::ids(
            "Is associated with DBSubnetGroup",
            ResourceType::RdsDbSubnetGroup,
            "DBSubnetGroup.DBSubnetGroupName",
        ),
    ],
    ..Collector::of(
        ResourceType::RdsDbInstance,
        call("DescribeDBInstances"),
        "DBInstances[]",
        "DbiResourceId|DBInstanceIdentifier",
    )
};

const DB_SECURITY_GROUP: Collector = Collector {
    name: Some("DBSecurityGroupName"),
    arn: Some("arn:{partition}:rds:{region}:{account}:secgrp:{DBSecurityGroupName}"),
    casing: Casing::First,
    ..Collector::of(
        ResourceType::RdsDbSecurityGroup,
        call("DescribeDBSecurityGroups"),
        "DBSecurityGroups[]",
        "DBSecurityGroupName",
    )
};

const DB_SNAPSHOT: Collector = Collector {
    name: Some("DBSnapshotIdentifier"),
    arn: Some("DBSnapshotArn"),
    created: Some("SnapshotCreateTime"),
    casing: Casing::First,
    tags: Tags::Listed("TagList"),
    details: &[detail(
        "DescribeDBSnapshotAttributes",
        "supplementaryConfiguration.DBSnapshotAttributes",
    )
    .with(&[("DBSnapshotIdentifier", Param::Item("DBSnapshotIdentifier"))])
    .absent_on(&["DBSnapshotNotFound"])
    .only(can_be_shared)
    .take("DBSnapshotAttributesResult.DBSnapshotAttributes")
    .casing(Casing::First)],
    relationships: &[Relation::ids(
        "Is associated with Vpc",
        ResourceType::Ec2Vpc,
        "VpcId",
    )],
    ..Collector::of(
        ResourceType::RdsDbSnapshot,
        call("DescribeDBSnapshots"),
        "DBSnapshots[]",
        "DBSnapshotIdentifier",
    )
};

/// What RDS made by itself has no attributes: `ModifyDBSnapshotAttribute` and `ModifyDBClusterSnapshotAttribute` take manual
/// snapshots.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBSnapshotAttribute.html>
fn can_be_shared(snapshot: &Value) -> bool {
    snapshot.get("SnapshotType") != Some(&json!("automated"))
}

/// Instances of clusters take what their cluster's group says.
fn takes_tls_by_its_group(instance: &Value) -> bool {
    let engine = instance.get("Engine").and_then(Value::as_str);
    matches!(engine, Some("mysql" | "postgres")) && instance.get("DBClusterIdentifier").is_none()
}

/// Names and values; what else is said of parameters are the engine's texts.
fn parameters(reply: &Value) -> Value {
    let members = [
        ("ParameterName", "ParameterName"),
        ("ParameterValue", "ParameterValue"),
    ];
    let found = values("Parameters[]", reply).into_iter();
    let found: Vec<Value> = found.map(|parameter| pick(parameter, &members)).collect();
    json!({ "Parameters": found })
}
