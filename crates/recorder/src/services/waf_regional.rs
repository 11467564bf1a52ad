//! Regional rules, rule groups and web ACLs of WAF Classic.
//!
//! Shapes: AWS Config's schemas of `AWS::WAFRegional::*`.

use crate::declare::Describe;
use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "waf-regional",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[RULE, RULE_GROUP, WEB_ACL],
    account: &[],
};

const RULE: Collector = Collector {
    describe: Some(Describe {
        call: call("GetRule").absent_on(&["WAFNonexistentItemException"]),
        member: "RuleId",
        id: "RuleId",
        size: 0,
        entries: "Rule",
    }),
    name: Some("Name"),
    arn: Some("arn:{partition}:waf-regional:{region}:{account}:rule/{RuleId}"),
    casing: Casing::Bean,
    shape: Some(super::waf::rule),
    ..Collector::of(
        ResourceType::WafRegionalRule,
        call("ListRules").with(&[("Limit", Param::Json("100"))]),
        "Rules[]",
        "RuleId",
    )
};

const RULE_GROUP: Collector = Collector {
    name: Some("Name"),
    arn: Some("arn:{partition}:waf-regional:{region}:{account}:rulegroup/{RuleGroupId}"),
    casing: Casing::Bean,
    details: &[
        detail("ListActivatedRulesInRuleGroup", "configuration.rules")
            .with(&[("RuleGroupId", Param::Item("RuleGroupId"))])
            .absent_on(&["WAFNonexistentItemException"])
            .take("ActivatedRules")
            .casing(Casing::Bean),
    ],
    ..Collector::of(
        ResourceType::WafRegionalRuleGroup,
        call("ListRuleGroups").with(&[("Limit", Param::Json("100"))]),
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
    shape: Some(super::waf::web_acl),
    ..Collector::of(
        ResourceType::WafRegionalWebAcl,
        call("ListWebACLs").with(&[("Limit", Param::Json("100"))]),
        "WebACLs[]",
        "WebACLId",
    )
};
