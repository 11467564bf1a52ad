//! DAX clusters.
//!
//! Shapes: AWS Config has no schema of `AWS::DAX::Cluster`; the members are the API's, which rules
//! read.

use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "dax",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[CLUSTER],
    account: &[],
};

const CLUSTER: Collector = Collector {
    name: Some("ClusterName"),
    arn: Some("ClusterArn"),
    tags: Tags::Bulk("dax"),
    ..Collector::of(
        ResourceType::DaxCluster,
        // Without DAX's role, which the first cluster makes, there is none.
        call("DescribeClusters").absent_on(&["ServiceLinkedRoleNotFoundFault"]),
        "Clusters[]",
        "ClusterArn",
    )
};
