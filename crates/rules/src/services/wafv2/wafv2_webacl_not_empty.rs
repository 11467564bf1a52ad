//! A web ACL without rules lets its default action decide on every request.
//!
//! ## Result
//! - COMPLIANT: the web ACL has at least one rule or rule group, its own or Firewall Manager's.
//! - NON_COMPLIANT: it has none.
//! - INSUFFICIENT_DATA: the web ACL's rules were not read.
//!
//! ## What to do
//! Add rules; AWS's managed rule groups are a start. Count first, block when the counts are right.
//!
//! ## Source
//! AWS Config developer guide, managed rule `wafv2-webacl-not-empty`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "wafv2-webacl-not-empty",
    identifier: Identifier::FromId,
    version: 1,
    title: "WAF web ACLs hold rules",
    resource_types: &[ResourceType::WaFv2WebAcl],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(RULES), own(FIRST), own(LAST)],
    severity: Severity::Medium,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const RULES: Path = path("configuration.rules");
const FIRST: Path = path("configuration.preProcessFirewallManagerRuleGroups");
const LAST: Path = path("configuration.postProcessFirewallManagerRuleGroups");

fn check<'a>(web_acl: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    for place in [RULES, FIRST, LAST] {
        let is_empty = web_acl.list(place)?.is_empty();
        if !is_empty {
            return Ok(Evaluation::compliant(place, "not empty"));
        }
    }
    let expected = "at least one rule or rule group";
    Ok(Evaluation::non_compliant(RULES, "empty", expected))
}
