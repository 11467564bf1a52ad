//! Network Firewall: policies, and how firewalls log.
//!
//! Shapes: AWS Config's schema of `AWS::NetworkFirewall::FirewallPolicy`; CloudFormation's names of
//! `AWS::NetworkFirewall::LoggingConfiguration`, of which AWS Config publishes no schema.

use crate::declare::Describe;
use crate::declare::prelude::*;
use crate::shape::{pick, remove};

pub(crate) static SERVICE: Service = Service {
    model: "network-firewall",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[FIREWALL_POLICY, LOGGING_CONFIGURATION],
    account: &[],
};

const FIREWALL_POLICY: Collector = Collector {
    describe: Some(Describe {
        call: call("DescribeFirewallPolicy").absent_on(&["ResourceNotFoundException"]),
        member: "FirewallPolicyArn",
        id: "Arn",
        size: 0,
        entries: "",
    }),
    name: Some("FirewallPolicyResponse.FirewallPolicyName"),
    arn: Some("FirewallPolicyResponse.FirewallPolicyArn"),
    casing: Casing::Bean,
    shape: Some(policy),
    tags: Tags::Listed("FirewallPolicyResponse.Tags"),
    ..Collector::of(
        ResourceType::NetworkFirewallFirewallPolicy,
        call("ListFirewallPolicies").with(&[("MaxResults", Param::Json("100"))]),
        "FirewallPolicies[]",
        "FirewallPolicyResponse.FirewallPolicyName",
    )
};

/// An item for each firewall: one that doesn't log has a configuration without destinations.
const LOGGING_CONFIGURATION: Collector = Collector {
    describe: Some(Describe {
        call: call("DescribeLoggingConfiguration").absent_on(&["ResourceNotFoundException"]),
        member: "FirewallArn",
        id: "FirewallArn",
        size: 0,
        entries: "",
    }),
    shape: Some(logging),
    ..Collector::of(
        ResourceType::NetworkFirewallLoggingConfiguration,
        call("ListFirewalls").with(&[("MaxResults", Param::Json("100"))]),
        "Firewalls[]",
        "FirewallArn",
    )
};

fn policy(configuration: &mut Value, _: &Value) {
    remove(configuration, &["updateToken"]);
}

fn logging(configuration: &mut Value, entry: &Value) {
    *configuration = pick(
        entry,
        &[
            ("FirewallArn", "FirewallArn"),
            ("LoggingConfiguration", "LoggingConfiguration"),
        ],
    );
}
