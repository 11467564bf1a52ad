//! WAF's rule groups and web ACLs, those of Regions and those of CloudFront.
//!
//! Shapes: AWS Config's schema of `AWS::WAFv2::*`.

use crate::declare::prelude::*;
use crate::declare::{Call, Describe};
use crate::shape::{remove, rename};

pub(crate) static SERVICE: Service = Service {
    model: "wafv2",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[
        rule_group(REGIONAL),
        web_acl(REGIONAL, REGIONAL_LOGGING),
        Collector {
            scope: Some(Scope::Global),
            ..rule_group(CLOUDFRONT)
        },
        Collector {
            scope: Some(Scope::Global),
            ..web_acl(CLOUDFRONT, CLOUDFRONT_LOGGING)
        },
    ],
    account: &[],
};

type Params = &'static [(&'static str, Param)];

const REGIONAL: Params = &[
    ("Scope", Param::Json("\"REGIONAL\"")),
    ("Limit", Param::Json("100")),
];

/// Asked in the home Region, where CloudFront's are.
const CLOUDFRONT: Params = &[
    ("Scope", Param::Json("\"CLOUDFRONT\"")),
    ("Limit", Param::Json("100")),
];

const REGIONAL_LOGGING: &[Detail] = &[logging_of(REGIONAL)];
const CLOUDFRONT_LOGGING: &[Detail] = &[logging_of(CLOUDFRONT)];

const fn rule_group(params: Params) -> Collector {
    Collector {
        describe: Some(described("GetRuleGroup", "RuleGroup")),
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

const fn web_acl(params: Params, details: &'static [Detail]) -> Collector {
    Collector {
        describe: Some(described("GetWebACL", "WebACL")),
        name: Some("Name"),
        arn: Some("ARN"),
        casing: Casing::Bean,
        shape: Some(shaped),
        details,
        ..Collector::of(
            ResourceType::WaFv2WebAcl,
            list_web_acls(params),
            "WebACLs[]",
            "Id",
        )
    }
}

const fn list_web_acls(params: Params) -> Call {
    call("ListWebACLs").with(params)
}

const fn described(operation: &'static str, entries: &'static str) -> Describe {
    Describe {
        call: call(operation).absent_on(&["WAFNonexistentItemException"]),
        member: "ARN",
        id: "ARN",
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
