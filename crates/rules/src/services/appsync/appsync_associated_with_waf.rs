//! A web ACL turns away what is known to be bad before it reaches the resolvers behind an API.
//!
//! ## Result
//! - COMPLIANT: the API has a web ACL; one that `wafWebAclARNs` names, if it is given.
//! - NON_COMPLIANT: the API has no web ACL, or one that is not named.
//! - INSUFFICIENT_DATA: the association was not read.
//!
//! ## What to do
//! Associate a web ACL with the API. Count first, block when the counts are right.
//!
//! ## Source
//! AWS Config developer guide, managed rule `appsync-associated-with-waf`.

use crate::predicates::lists;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "appsync-associated-with-waf",
    identifier: Identifier::FromId,
    version: 1,
    title: "AppSync APIs are behind a web ACL",
    resource_types: &[ResourceType::AppSyncGraphQlApi],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: ALLOWED,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(WEB_ACL)],
    severity: Severity::Medium,
    category: Category::ProtectiveServices,
    remedy: Remedy::Steps,
    check,
};

const WEB_ACL: Path = path("supplementaryConfiguration.GetWebACLForResource.WebACL.ARN");

const ALLOWED: &str = "wafWebAclARNs";

fn check<'a>(api: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let web_acl = api.text(WEB_ACL)?.filter(|web_acl| !web_acl.is_empty());
    if let Some(expected) = lists::unmet(web_acl.as_slice(), params.list(ALLOWED), "a web ACL") {
        return Ok(Evaluation::non_compliant(WEB_ACL, web_acl, expected));
    }
    Ok(Evaluation::compliant(WEB_ACL, web_acl))
}
