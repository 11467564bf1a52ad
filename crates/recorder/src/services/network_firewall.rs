//! Network Firewall: firewalls, policies, rule groups, and how firewalls log.
//!
//! Shapes: AWS Config's schemas of `AWS::NetworkFirewall::*`; CloudFormation's names of
//! `AWS::NetworkFirewall::LoggingConfiguration`, of which AWS Config publishes no schema.

use crate::declare::Describe;
use crate::declare::prelude::*;
use crate::shape::{pick, remove};

pub(crate) static SERVICE: Service = Service {
    model: "network-firewall",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[FIREWALL, FIREWALL_POLICY, LOGGING_CONFIGURATION, RULE_GROUP],
    account: &[],
};

const FIREWALL: Collector = Collector {
    describe: Some(Describe {
        call: call("DescribeFirewall").absent_on(&["ResourceNotFoundException"]),
        member: "FirewallArn",
        id: "FirewallArn",
        size: 0,
        entries: "",
    }),
    name: Some("Firewall.FirewallName"),
    arn: Some("Firewall.FirewallArn"),
    casing: Casing::First,
    shape: Some(firewall),
    tags: Tags::Listed("Firewall.Tags"),
    ..Collector::of(
        ResourceType::NetworkFirewallFirewall,
        call("ListFirewalls").with(&[("MaxResults", Param::Json("100"))]),
        "Firewalls[]",
        "Firewall.FirewallName",
    )
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

const RULE_GROUP: Collector = Collector {
    describe: Some(Describe {
        call: call("DescribeRuleGroup").absent_on(&["ResourceNotFoundException"]),
        member: "RuleGroupArn",
        id: "Arn",
        size: 0,
        entries: "",
    }),
    name: Some("RuleGroupResponse.RuleGroupName"),
    arn: Some("RuleGroupResponse.RuleGroupArn"),
    casing: Casing::First,
    shape: Some(policy),
    tags: Tags::Listed("RuleGroupResponse.Tags"),
    ..Collector::of(
        ResourceType::NetworkFirewallRuleGroup,
        call("ListRuleGroups").with(&[("MaxResults", Param::Json("100"))]),
        "RuleGroups[]",
        "RuleGroupResponse.RuleGroupName",
    )
};

/// States are no configuration.
fn firewall(configuration: &mut Value, _: &Value) {
    remove(configuration, &["firewallStatus", "updateToken"]);
}

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
