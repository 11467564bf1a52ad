//! With a second origin behind the first one, viewers are answered while the first one fails.
//!
//! ## Result
//! - COMPLIANT: the distribution has an origin group of two origins at least.
//! - NON_COMPLIANT: it has no origin group, or only groups of fewer origins.
//! - INSUFFICIENT_DATA: the distribution was not read.
//!
//! AWS doesn't ask whether a behaviour uses the group.
//!
//! ## What to do
//! Add a second origin that has the same content, make a group of both, and let the behaviours lead
//! to the group. CloudFront fails over for `GET`, `HEAD` and `OPTIONS` only.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloudfront-origin-failover-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloudfront-origin-failover-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "CloudFront distributions have an origin to fail over to",
    resource_types: &[ResourceType::CloudFrontDistribution],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(GROUPS)],
    severity: Severity::Low,
    category: Category::Resilience,
    remedy: Remedy::Steps,
    check,
};

const GROUPS: Path = path("configuration.distributionConfig.originGroups.items");

fn check<'a>(distribution: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let groups = distribution.list(GROUPS)?;
    let origins = |group: &Node<'a>| {
        let members = group.get("members");
        members.map_or(0, |members| members.items("items").len())
    };
    let most = groups.iter().map(origins).max();
    let found = most.map(|most| format!("a group of {most}"));
    if most.is_none_or(|most| most < 2) {
        let expected = "a group of at least 2 origins";
        return Ok(Evaluation::non_compliant(GROUPS, found, expected));
    }
    Ok(Evaluation::compliant(GROUPS, found))
}
