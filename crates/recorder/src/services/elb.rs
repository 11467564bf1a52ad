//! Classic load balancers.
//!
//! Shapes: AWS Config's item of `AWS::ElasticLoadBalancing::LoadBalancer`.

use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "elb",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[LOAD_BALANCER],
    account: &[],
};

const LOAD_BALANCER: Collector = Collector {
    name: Some("LoadBalancerName"),
    arn: Some(
        "arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{LoadBalancerName}",
    ),
    created: Some("CreatedTime"),
    casing: Casing::Bean,
    tags: Tags::Bulk("elasticloadbalancing:loadbalancer"),
    details: &[
        of_balancer(
            "DescribeLoadBalancerAttributes",
            "supplementaryConfiguration.LoadBalancerAttributes",
        )
        .take("LoadBalancerAttributes"),
        of_balancer(
            "DescribeLoadBalancerPolicies",
            "supplementaryConfiguration.LoadBalancerPolicies",
        )
        .take("PolicyDescriptions"),
    ],
    relationships: &[
        Relation::ids(
            "Is associated with SecurityGroup",
            ResourceType::Ec2SecurityGroup,
            "SecurityGroups[]",
        ),
        Relation::ids(
            "Is attached to Subnet",
            ResourceType::Ec2Subnet,
            "Subnets[]",
        ),
        Relation::ids("Is contained in Vpc", ResourceType::Ec2Vpc, "VPCId"),
    ],
    ..Collector::of(
        ResourceType::ElasticLoadBalancingLoadBalancer,
        call("DescribeLoadBalancers"),
        "LoadBalancerDescriptions[]",
        "LoadBalancerName",
    )
};

const fn of_balancer(operation: &'static str, into: &'static str) -> Detail {
    detail(operation, into)
        .with(&[("LoadBalancerName", Param::Item("LoadBalancerName"))])
        .absent_on(&["LoadBalancerNotFound"])
        .casing(Casing::Bean)
}
