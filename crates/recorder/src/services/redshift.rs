//! Redshift: clusters, parameter groups.
//!
//! Shapes: AWS Config's items of `AWS::Redshift::*`.

use crate::declare::prelude::*;
use crate::shape::remove;

pub(crate) static SERVICE: Service = Service {
    model: "redshift",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[CLUSTER, CLUSTER_PARAMETER_GROUP],
    account: &[],
};

const CLUSTER: Collector = Collector {
    name: Some("ClusterIdentifier"),
    arn: Some("arn:{partition}:redshift:{region}:{account}:cluster:{ClusterIdentifier}"),
    created: Some("ClusterCreateTime"),
    casing: Casing::First,
    shape: Some(cluster),
    tags: Tags::Listed("Tags"),
    details: &[detail(
        "DescribeLoggingStatus",
        "supplementaryConfiguration.LoggingStatus",
    )
    .with(&[("ClusterIdentifier", Param::Item("ClusterIdentifier"))])
    .absent_on(&["ClusterNotFound"])
    .casing(Casing::First)
    .shape(logging)],
    relationships: &[
        Relation::names(
            "Is associated with ClusterParameterGroup",
            ResourceType::RedshiftClusterParameterGroup,
            "ClusterParameterGroups[].ParameterGroupName",
        ),
        Relation::names(
            "Is associated with ClusterSubnetGroup",
            ResourceType::RedshiftClusterSubnetGroup,
            "ClusterSubnetGroupName",
        ),
        Relation::ids(
            "Is associated with SecurityGroup",
            ResourceType::Ec2SecurityGroup,
            "VpcSecurityGroups[].VpcSecurityGroupId",
        ),
        Relation::ids("Is associated with Vpc", ResourceType::Ec2Vpc, "VpcId"),
    ],
    ..Collector::of(
        ResourceType::RedshiftCluster,
        call("DescribeClusters"),
        "Clusters[]",
        "ClusterIdentifier",
    )
};

const CLUSTER_PARAMETER_GROUP: Collector = Collector {
    name: Some("ParameterGroupName"),
    arn: Some("arn:{partition}:redshift:{region}:{account}:parametergroup:{ParameterGroupName}"),
    casing: Casing::First,
    tags: Tags::Listed("Tags"),
    details: &[detail(
        "DescribeClusterParameters",
        "supplementaryConfiguration.Parameters",
    )
    .with(&[("ParameterGroupName", Param::Item("ParameterGroupName"))])
    .absent_on(&["ClusterParameterGroupNotFound"])
    .take("Parameters")
    .casing(Casing::First)],
    ..Collector::of(
        ResourceType::RedshiftClusterParameterGroup,
        call("DescribeClusterParameterGroups"),
        "ParameterGroups[]",
        "ParameterGroupName",
    )
};

/// Times that pass by themselves.
fn cluster(configuration: &mut Value, _: &Value) {
    remove(
        configuration,
        &[
            "expectedNextSnapshotScheduleTime",
            "nextMaintenanceWindowStartTime",
        ],
    );
}

/// When logs were last delivered changes every hour.
fn logging(reply: &Value) -> Value {
    let mut status = reply.clone();
    remove(&mut status, &["lastSuccessfulDeliveryTime"]);
    status
}
