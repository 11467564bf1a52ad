//! EMR's clusters and security configurations, and whether the account blocks public access to
//! clusters.
//!
//! Shapes: AWS Config has no schema of `AWS::EMR::Cluster`; the members are the API's, which rules
//! read. Its schema of `AWS::EMR::SecurityConfiguration` is CloudFormation's.

use crate::declare::prelude::*;
use crate::shape::{add, remove, rename};

pub(crate) static SERVICE: Service = Service {
    model: "emr",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[CLUSTER, SECURITY_CONFIGURATION],
    account: &[fact("GetBlockPublicAccessConfiguration")],
};

const CLUSTER: Collector = Collector {
    describe: Some(crate::declare::Describe {
        call: call("DescribeCluster"),
        member: "ClusterId",
        id: "Id",
        size: 0,
        entries: "Cluster",
    }),
    name: Some("Name"),
    arn: Some("ClusterArn"),
    created: Some("Status.Timeline.CreationDateTime"),
    shape: Some(cluster),
    tags: Tags::Listed("Tags"),
    details: &[
        detail(
            "DescribeSecurityConfiguration",
            "supplementaryConfiguration.DescribeSecurityConfiguration",
        )
        .with(&[("Name", Param::Item("SecurityConfiguration"))])
        .once_per_input(),
        // A cluster is made of groups or of fleets, and each call refuses the other kind.
        of_cluster(
            "ListInstanceGroups",
            "supplementaryConfiguration.ListInstanceGroups",
        )
        .absent_on(&["InvalidRequestException: mutually exclusive"]),
        of_cluster(
            "ListInstanceFleets",
            "supplementaryConfiguration.ListInstanceFleets",
        )
        .absent_on(&["InvalidRequestException: mutually exclusive"]),
        detail("ListInstances", "supplementaryConfiguration.ListInstances").with(&[
            ("ClusterId", Param::Item("Id")),
            (
                "InstanceStates",
                Param::Json(
                    r#"["AWAITING_FULFILLMENT", "PROVISIONING", "BOOTSTRAPPING", "RUNNING"]"#,
                ),
            ),
        ]),
    ],
    ..Collector::of(
        ResourceType::EmrCluster,
        // EMR lists clusters for months after they ended.
        call("ListClusters").with(&[(
            "ClusterStates",
            Param::Json(r#"["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING", "TERMINATING"]"#),
        )]),
        "Clusters[]",
        "Id",
    )
};

const SECURITY_CONFIGURATION: Collector = Collector {
    describe: Some(crate::declare::Describe {
        call: call("DescribeSecurityConfiguration"),
        member: "Name",
        id: "Name",
        size: 0,
        entries: "",
    }),
    name: Some("Name"),
    created: Some("CreationDateTime"),
    shape: Some(security_configuration),
    ..Collector::of(
        ResourceType::EmrSecurityConfiguration,
        call("ListSecurityConfigurations"),
        "SecurityConfigurations[]",
        "Name",
    )
};

const fn of_cluster(operation: &'static str, into: &'static str) -> Detail {
    detail(operation, into).with(&[("ClusterId", Param::Item("Id"))])
}

fn security_configuration(configuration: &mut Value, entry: &Value) {
    rename(configuration, &[("Name", "Id")]);
    add(configuration, "Name", entry.get("Name").cloned());
    remove(configuration, &["CreationDateTime"]);
}

fn cluster(configuration: &mut Value, _: &Value) {
    // What it did so far.
    remove(configuration, &["NormalizedInstanceHours"]);
}
