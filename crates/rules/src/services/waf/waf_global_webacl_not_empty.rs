//! A web ACL without rules lets its default action decide on every request.
//!
//! ## Result
//! - COMPLIANT: the web ACL has at least one rule or rule group.
//! - NON_COMPLIANT: it has none.
//! - INSUFFICIENT_DATA: the web ACL's rule or rule groups were not read.
//!
//! ## What to do
//! AWS ended WAF Classic on 30 September 2025: move to AWS WAF rather than fill what is empty.
//! Delete what nothing uses.
//!
//! ## Source
//! AWS Config developer guide, managed rule `waf-global-webacl-not-empty`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "waf-global-webacl-not-empty",
    identifier: Identifier::FromId,
    version: 1,
    title: "Global web ACLs of WAF Classic hold rules",
    resource_types: &[ResourceType::WafWebAcl],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(RULES)],
    severity: Severity::Medium,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const RULES: Path = path("configuration.rulesList");

fn check<'a>(web_acl: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let is_empty = web_acl.list(RULES)?.is_empty();
    if is_empty {
        return Ok(Evaluation::non_compliant(
            RULES,
            "empty",
            "at least one rule or rule group",
        ));
    }
    Ok(Evaluation::compliant(RULES, "not empty"))
}
