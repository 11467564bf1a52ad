//! A web ACL turns away what is known to be bad before it reaches the code behind an API.
//!
//! ## Result
//! - COMPLIANT: the stage has a web ACL; one that `WebAclArns` names, if it is given.
//! - NON_COMPLIANT: the stage has no web ACL, or one that is not named.
//! - INSUFFICIENT_DATA: the stage was not read.
//!
//! ## What to do
//! Associate a web ACL with the stage. Count first, block when the counts are right.
//!
//! ## Source
//! AWS Config developer guide, managed rule `api-gw-associated-with-waf`.

use crate::predicates::lists;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "api-gw-associated-with-waf",
    identifier: Identifier::FromId,
    version: 1,
    title: "API Gateway stages are behind a web ACL",
    resource_types: &[ResourceType::ApiGatewayStage],
    trigger: Trigger::ConfigurationChange,
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

const WEB_ACL: Path = path("configuration.webAclArn");

const ALLOWED: &str = "WebAclArns";

fn check<'a>(stage: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let web_acl = stage.text(WEB_ACL)?.filter(|web_acl| !web_acl.is_empty());
    if let Some(expected) = lists::unmet(web_acl.as_slice(), params.list(ALLOWED), "a web ACL") {
        return Ok(Evaluation::non_compliant(WEB_ACL, web_acl, expected));
    }
    Ok(Evaluation::compliant(WEB_ACL, web_acl))
}
