//! Global rules, rule groups and web ACLs of WAF Classic.
//!
//! Shapes: AWS Config's schema of `AWS::WAF::*`.

use crate::declare::Describe;
use crate::declare::prelude::*;
use crate::shape::{remove, rename};
use crate::text::value;

pub(crate) static SERVICE: Service = Service {
    model: "waf",
    scope: Scope::Global,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[RULE, RULE_GROUP, WEB_ACL],
    account: &[],
};

/// A page as large as WAF gives.
const PAGE: &[(&str, Param)] = &[("Limit", Param::Json("100"))];

const RULE: Collector = Collector {
    describe: Some(Describe {
        call: call("GetRule").absent_on(&["WAFNonexistentItemException"]),
        member: "RuleId",
        id: "RuleId",
        size: 0,
        entries: "Rule",
    }),
    name: Some("Name"),
    arn: Some("arn:{partition}:waf::{account}:rule/{RuleId}"),
    casing: Casing::Bean,
    shape: Some(rule),
    ..Collector::of(
        ResourceType::WafRule,
        call("ListRules").with(PAGE),
        "Rules[]",
        "RuleId",
    )
};

const RULE_GROUP: Collector = Collector {
    name: Some("Name"),
    arn: Some("arn:{partition}:waf::{account}:rulegroup/{RuleGroupId}"),
    casing: Casing::Bean,
    details: &[
        detail("ListActivatedRulesInRuleGroup", "configuration.rules")
            .with(&[("RuleGroupId", Param::Item("RuleGroupId"))])
            .absent_on(&["WAFNonexistentItemException"])
            .take("ActivatedRules")
            .casing(Casing::Bean),
    ],
    ..Collector::of(
        ResourceType::WafRuleGroup,
        call("ListRuleGroups").with(PAGE),
        "RuleGroups[]",
        "RuleGroupId",
    )
};

const WEB_ACL: Collector = Collector {
    describe: Some(Describe {
        call: call("GetWebACL").absent_on(&["WAFNonexistentItemException"]),
        member: "WebACLId",
        id: "WebACLId",
        size: 0,
        entries: "WebACL",
    }),
    name: Some("Name"),
    arn: Some("WebACLArn"),
    casing: Casing::Bean,
    shape: Some(web_acl),
    details: &[detail(
        "ListLoggingConfigurations",
        "supplementaryConfiguration.GetLoggingConfiguration",
    )
    .with(PAGE)
    .joined_to_one(None, "LoggingConfigurations[]", "ResourceArn", "WebACLArn")
    .shape(logging)],
    ..Collector::of(
        ResourceType::WafWebAcl,
        call("ListWebACLs").with(PAGE),
        "WebACLs[]",
        "WebACLId",
    )
};

pub(super) fn rule(configuration: &mut Value, _: &Value) {
    rename(configuration, &[("predicates", "predicateList")]);
}

/// AWS Config's names of rules, and the default action's plain type.
pub(super) fn web_acl(configuration: &mut Value, entry: &Value) {
    rename(configuration, &[("rules", "rulesList")]);
    remove(configuration, &["webACLArn"]);
    if let Some(action) = value("DefaultAction.Type", entry) {
        configuration["defaultAction"] = action.clone();
    }
}

/// As `GetLoggingConfiguration` replies.
pub(super) fn logging(reply: &Value) -> Value {
    json!({ "LoggingConfiguration": reply.get("LoggingConfigurations") })
}
