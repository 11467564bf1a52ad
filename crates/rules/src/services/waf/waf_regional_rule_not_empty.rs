//! A rule without conditions matches nothing, and so stops nothing.
//!
//! ## Result
//! - COMPLIANT: the rule has at least one condition.
//! - NON_COMPLIANT: it has none.
//! - INSUFFICIENT_DATA: the rule's conditions were not read.
//!
//! ## What to do
//! AWS ended WAF Classic on 30 September 2025: move to AWS WAF rather than fill what is empty.
//! Delete what nothing uses.
//!
//! ## Source
//! AWS Config developer guide, managed rule `waf-regional-rule-not-empty`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "waf-regional-rule-not-empty",
    identifier: Identifier::FromId,
    version: 1,
    title: "Regional rules of WAF Classic hold conditions",
    resource_types: &[ResourceType::WafRegionalRule],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(PREDICATES)],
    severity: Severity::Medium,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const PREDICATES: Path = path("configuration.predicateList");

fn check<'a>(rule: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    if rule.list(PREDICATES)?.is_empty() {
        let expected = "at least one condition";
        return Ok(Evaluation::non_compliant(PREDICATES, "empty", expected));
    }
    Ok(Evaluation::compliant(PREDICATES, "not empty"))
}
