//! EC2 Auto Scaling: groups and launch configurations.
//!
//! Shapes: AWS Config's items of `AWS::AutoScaling::*`.

use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "autoscaling",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[AUTO_SCALING_GROUP, LAUNCH_CONFIGURATION],
    account: &[],
};

/// A page as large as Auto Scaling gives.
const PAGE: &[(&str, Param)] = &[("MaxRecords", Param::Json("100"))];

const AUTO_SCALING_GROUP: Collector = Collector {
    name: Some("AutoScalingGroupName"),
    arn: Some("AutoScalingGroupARN"),
    created: Some("CreatedTime"),
    casing: Casing::Bean,
    tags: Tags::Listed("Tags"),
    relationships: &[
        Relation::names(
            "Is associated with LaunchConfiguration",
            ResourceType::AutoScalingLaunchConfiguration,
            "LaunchConfigurationName",
        ),
        Relation::ids(
            "Contains Instance",
            ResourceType::Ec2Instance,
            "Instances[].InstanceId",
        ),
    ],
    ..Collector::of(
        ResourceType::AutoScalingAutoScalingGroup,
        call("DescribeAutoScalingGroups").with(PAGE),
        "AutoScalingGroups[]",
        "AutoScalingGroupARN",
    )
};

const LAUNCH_CONFIGURATION: Collector = Collector {
    name: Some("LaunchConfigurationName"),
    arn: Some("LaunchConfigurationARN"),
    created: Some("CreatedTime"),
    casing: Casing::Bean,
    relationships: &[Relation::ids(
        "Is associated with SecurityGroup",
        ResourceType::Ec2SecurityGroup,
        "SecurityGroups[]",
    )],
    ..Collector::of(
        ResourceType::AutoScalingLaunchConfiguration,
        call("DescribeLaunchConfigurations").with(PAGE),
        "LaunchConfigurations[]",
        "LaunchConfigurationARN",
    )
};
