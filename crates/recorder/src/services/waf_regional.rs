//! Regional web ACLs of WAF Classic.
//!
//! Shapes: AWS Config's schema of `AWS::WAFRegional::WebACL`.

use crate::declare::Describe;
use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "waf-regional",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[WEB_ACL],
    account: &[],
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
