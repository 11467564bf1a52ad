//! Application, network and gateway load balancers, and their listeners.
//!
//! Shapes: AWS Config's items of `AWS::ElasticLoadBalancingV2::*`.

use crate::declare::prelude::*;
use crate::shape::pick;

pub(crate) static SERVICE: Service = Service {
    model: "elbv2",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[LISTENER, LOAD_BALANCER],
    account: &[],
};

const LISTENER: Collector = Collector {
    within: Some(crate::declare::Within {
        list: call("DescribeLoadBalancers"),
        entries: "LoadBalancers[]",
    }),
    arn: Some("ListenerArn"),
    ..Collector::of(
        ResourceType::ElasticLoadBalancingV2Listener,
        call("DescribeListeners")
            .with(&[("LoadBalancerArn", Param::Parent("LoadBalancerArn"))])
            .absent_on(&["LoadBalancerNotFound"]),
        "Listeners[]",
        "ListenerArn",
    )
};

const LOAD_BALANCER: Collector = Collector {
    name: Some("LoadBalancerName"),
    arn: Some("LoadBalancerArn"),
    created: Some("CreatedTime"),
    casing: Casing::First,
    tags: Tags::Bulk("elasticloadbalancing:loadbalancer"),
    details: &[
        detail(
            "DescribeLoadBalancerAttributes",
            "supplementaryConfiguration.LoadBalancerAttributes",
        )
        .with(&[("LoadBalancerArn", Param::Item("LoadBalancerArn"))])
        .absent_on(&["LoadBalancerNotFound"])
        .take("Attributes")
        .casing(Casing::First),
        detail(
            "GetWebACLForResource",
            "supplementaryConfiguration.GetWebACLForResource",
        )
        .of("wafv2")
        .with(&[("ResourceArn", Param::Item("LoadBalancerArn"))])
        .absent_on(&["WAFNonexistentItemException"])
        .only(takes_a_web_acl)
        .where_any(
            call("ListWebACLs").of("wafv2").with(super::wafv2::REGIONAL),
            "WebACLs[]",
        )
        .shape(web_acl),
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
            "AvailabilityZones[].SubnetId",
        ),
        Relation::ids("Is contained in Vpc", ResourceType::Ec2Vpc, "VpcId"),
    ],
    ..Collector::of(
        ResourceType::ElasticLoadBalancingV2LoadBalancer,
        call("DescribeLoadBalancers"),
        "LoadBalancers[]",
        "LoadBalancerArn",
    )
};

/// WAF refuses to be asked of the other types.
fn takes_a_web_acl(balancer: &Value) -> bool {
    balancer.get("Type") == Some(&json!("application"))
}

/// Which web ACL it is; its rules are its own item's.
fn web_acl(reply: &Value) -> Value {
    match reply.get("WebACL") {
        Some(found) => {
            let members = [("ARN", "ARN"), ("Id", "Id"), ("Name", "Name")];
            json!({ "WebACL": pick(found, &members) })
        }
        None => json!({}),
    }
}
