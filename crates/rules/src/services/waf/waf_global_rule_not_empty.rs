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
//! AWS Config developer guide, managed rule `waf-global-rule-not-empty`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "waf-global-rule-not-empty",
    identifier: Identifier::FromId,
    version: 1,
    title: "Global rules of WAF Classic hold conditions",
    resource_types: &[ResourceType::WafRule],
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
    let is_empty = rule.list(PREDICATES)?.is_empty();
    if is_empty {
        return Ok(Evaluation::non_compliant(
            PREDICATES,
            "empty",
            "at least one condition",
        ));
    }
    Ok(Evaluation::compliant(PREDICATES, "not empty"))
}
