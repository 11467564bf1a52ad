//! ECS: clusters, services and task definitions.
//!
//! Shapes: AWS Config's item of `AWS::ECS::TaskDefinition` and its schemas of `AWS::ECS::Cluster`
//! and `AWS::ECS::Service`, which are CloudFormation's.

use crate::declare::Within;
use crate::declare::prelude::*;
use crate::shape::{pick, remove};

pub(crate) static SERVICE: Service = Service {
    model: "ecs",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[CLUSTER, SERVICES, TASK_DEFINITION],
    account: &[],
};

const LIST_CLUSTERS: crate::declare::Call =
    call("ListClusters").with(&[("maxResults", Param::Json("100"))]);

const CLUSTER: Collector = Collector {
    describe: Some(crate::declare::Describe {
        call: call("DescribeClusters").with(&[("include", Param::Json(r#"["SETTINGS"]"#))]),
        member: "clusters",
        id: "",
        size: 100,
        entries: "clusters[]",
    }),
    name: Some("clusterName"),
    arn: Some("clusterArn"),
    casing: Casing::Large,
    shape: Some(cluster),
    tags: Tags::Bulk("ecs:cluster"),
    ..Collector::of(
        ResourceType::EcsCluster,
        LIST_CLUSTERS,
        "clusterArns[]",
        "clusterArn",
    )
};

const SERVICES: Collector = Collector {
    within: Some(Within {
        list: LIST_CLUSTERS,
        entries: "clusterArns[]",
    }),
    describe: Some(crate::declare::Describe {
        call: call("DescribeServices")
            .with(&[("cluster", Param::Parent(""))])
            .absent_on(&["ClusterNotFoundException"]),
        member: "services",
        id: "",
        // More are refused.
        size: 10,
        entries: "services[]",
    }),
    name: Some("serviceName"),
    arn: Some("serviceArn"),
    created: Some("createdAt"),
    casing: Casing::Large,
    shape: Some(service),
    tags: Tags::Bulk("ecs:service"),
    ..Collector::of(
        ResourceType::EcsService,
        call("ListServices")
            .with(&[
                ("cluster", Param::Parent("")),
                ("maxResults", Param::Json("100")),
            ])
            .absent_on(&["ClusterNotFoundException"]),
        "serviceArns[]",
        "serviceArn",
    )
};

const TASK_DEFINITION: Collector = Collector {
    describe: Some(crate::declare::Describe {
        call: call("DescribeTaskDefinition"),
        member: "taskDefinition",
        id: "",
        size: 0,
        entries: "taskDefinition",
    }),
    name: Some("{family}:{revision}"),
    arn: Some("taskDefinitionArn"),
    created: Some("registeredAt"),
    casing: Casing::Large,
    shape: Some(task_definition),
    tags: Tags::Bulk("ecs:task-definition"),
    ..Collector::of(
        ResourceType::EcsTaskDefinition,
        // What can be run: not what was deregistered.
        call("ListTaskDefinitions").with(&[("status", Param::Json(r#""ACTIVE""#))]),
        "taskDefinitionArns[]",
        "taskDefinitionArn",
    )
};

fn cluster(configuration: &mut Value, _: &Value) {
    *configuration = pick(
        configuration,
        &[
            ("Arn", "ClusterArn"),
            ("CapacityProviders", "CapacityProviders"),
            ("ClusterName", "ClusterName"),
            ("ClusterSettings", "Settings"),
            (
                "DefaultCapacityProviderStrategy",
                "DefaultCapacityProviderStrategy",
            ),
        ],
    );
}

fn service(configuration: &mut Value, _: &Value) {
    *configuration = pick(
        configuration,
        &[
            ("CapacityProviderStrategy", "CapacityProviderStrategy"),
            ("Cluster", "ClusterArn"),
            ("DeploymentController", "DeploymentController"),
            ("DesiredCount", "DesiredCount"),
            ("EnableExecuteCommand", "EnableExecuteCommand"),
            ("LaunchType", "LaunchType"),
            ("Name", "ServiceName"),
            ("NetworkConfiguration", "NetworkConfiguration"),
            ("PlatformVersion", "PlatformVersion"),
            ("PropagateTags", "PropagateTags"),
            ("Role", "RoleArn"),
            ("SchedulingStrategy", "SchedulingStrategy"),
            ("ServiceArn", "ServiceArn"),
            ("ServiceName", "ServiceName"),
            ("TaskDefinition", "TaskDefinition"),
        ],
    );
}

fn task_definition(configuration: &mut Value, _: &Value) {
    remove(
        configuration,
        &[
            "Compatibilities",
            "RegisteredAt",
            "RegisteredBy",
            "RequiresAttributes",
            "Revision",
        ],
    );
}
