//! WAF's rule groups and web ACLs, those of Regions and those of CloudFront.
//!
//! Shapes: AWS Config's schema of `AWS::WAFv2::*`.

use crate::declare::Describe;
use crate::declare::prelude::*;
use crate::shape::{remove, rename};

pub(crate) static SERVICE: Service = Service {
    model: "wafv2",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[
        rule_group(REGIONAL, REGIONAL_ONE),
        web_acl(REGIONAL, REGIONAL_ONE, REGIONAL_LOGGING),
        Collector {
            scope: Some(Scope::Global),
            ..rule_group(CLOUDFRONT, CLOUDFRONT_ONE)
        },
        Collector {
            scope: Some(Scope::Global),
            ..web_acl(CLOUDFRONT, CLOUDFRONT_ONE, CLOUDFRONT_LOGGING)
        },
    ],
    account: &[],
};

type Params = &'static [(&'static str, Param)];

pub(super) const REGIONAL: Params = &[
    ("Scope", Param::Json("\"REGIONAL\"")),
    ("Limit", Param::Json("100")),
];

/// Asked in the home Region, where CloudFront's are.
const CLOUDFRONT: Params = &[
    ("Scope", Param::Json("\"CLOUDFRONT\"")),
    ("Limit", Param::Json("100")),
];

const REGIONAL_ONE: Params = &[
    ("Scope", Param::Json("\"REGIONAL\"")),
    ("Name", Param::Item("Name")),
];

const CLOUDFRONT_ONE: Params = &[
    ("Scope", Param::Json("\"CLOUDFRONT\"")),
    ("Name", Param::Item("Name")),
];

const REGIONAL_LOGGING: &[Detail] = &[logging_of(REGIONAL)];
const CLOUDFRONT_LOGGING: &[Detail] = &[logging_of(CLOUDFRONT)];

const fn rule_group(params: Params, one: Params) -> Collector {
    Collector {
        describe: Some(described("GetRuleGroup", one, "RuleGroup")),
        name: Some("Name"),
        arn: Some("ARN"),
        casing: Casing::Bean,
        shape: Some(shaped),
        ..Collector::of(
            ResourceType::WaFv2RuleGroup,
            call("ListRuleGroups").with(params),
            "RuleGroups[]",
            "Id",
        )
    }
}

const fn web_acl(params: Params, one: Params, details: &'static [Detail]) -> Collector {
    Collector {
        describe: Some(described("GetWebACL", one, "WebACL")),
        name: Some("Name"),
        arn: Some("ARN"),
        casing: Casing::Bean,
        shape: Some(shaped),
        details,
        ..Collector::of(
            ResourceType::WaFv2WebAcl,
            call("ListWebACLs").with(params),
            "WebACLs[]",
            "Id",
        )
    }
}

const fn described(operation: &'static str, one: Params, entries: &'static str) -> Describe {
    Describe {
        call: call(operation)
            .with(one)
            .absent_on(&["WAFNonexistentItemException"]),
        member: "Id",
        id: "Id",
        size: 0,
        entries,
    }
}

const fn logging_of(params: Params) -> Detail {
    detail(
        "ListLoggingConfigurations",
        "supplementaryConfiguration.GetLoggingConfiguration",
    )
    .with(params)
    .joined_to_one(None, "LoggingConfigurations[]", "ResourceArn", "ARN")
    .shape(super::waf::logging)
}

/// AWS Config's name of the ARN. Labels and what WAF has done by itself are no configuration.
fn shaped(configuration: &mut Value, _: &Value) {
    rename(configuration, &[("arn", "resourceARN")]);
    remove(
        configuration,
        &["labelNamespace", "availableLabels", "consumedLabels"],
    );
}
