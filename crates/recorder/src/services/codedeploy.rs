//! CodeDeploy's deployment groups.
//!
//! Shapes: AWS Config's schema of `AWS::CodeDeploy::DeploymentGroup`, which is the API's.

use crate::declare::Within;
use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "codedeploy",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[DEPLOYMENT_GROUP],
    account: &[],
};

const DEPLOYMENT_GROUP: Collector = Collector {
    within: Some(Within {
        list: call("ListApplications"),
        entries: "applications[]",
    }),
    describe: Some(crate::declare::Describe {
        call: call("BatchGetDeploymentGroups")
            .with(&[("applicationName", Param::Parent(""))])
            .absent_on(&["ApplicationDoesNotExistException"]),
        member: "deploymentGroupNames",
        id: "",
        size: 100,
        entries: "deploymentGroupsInfo[]",
    }),
    name: Some("deploymentGroupName"),
    arn: Some(
        "arn:{partition}:codedeploy:{region}:{account}:deploymentgroup:{applicationName}/{deploymentGroupName}",
    ),
    tags: Tags::Bulk("codedeploy"),
    ..Collector::of(
        ResourceType::CodeDeployDeploymentGroup,
        call("ListDeploymentGroups")
            .with(&[("applicationName", Param::Parent(""))])
            .absent_on(&["ApplicationDoesNotExistException"]),
        "deploymentGroups[]",
        "deploymentGroupId",
    )
};
