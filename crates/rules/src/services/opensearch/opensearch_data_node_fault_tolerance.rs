//! With three data nodes in more than one Availability Zone, a domain loses a node or a zone and
//! goes on.
//!
//! ## Result
//! - COMPLIANT: the domain has three data nodes or more, and zone awareness is on.
//! - NON_COMPLIANT: it has fewer, or zone awareness is off, or one of them is not set.
//! - INSUFFICIENT_DATA: the domain's nodes were not read.
//!
//! ## What to do
//! Give the domain at least three data nodes and turn zone awareness on, best over three zones;
//! then give the indexes replicas, without which nothing is doubled.
//!
//! ## Source
//! AWS Config developer guide, managed rule `opensearch-data-node-fault-tolerance`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "opensearch-data-node-fault-tolerance",
    identifier: Identifier::FromId,
    version: 1,
    title: "OpenSearch domains survive the loss of a data node",
    resource_types: &[ResourceType::OpenSearchDomain],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(COUNT), own(ZONES)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Steps,
    check,
};

const COUNT: Path = path("configuration.ClusterConfig.InstanceCount");
const ZONES: Path = path("configuration.ClusterConfig.ZoneAwarenessEnabled");

const MINIMUM: i64 = 3;

fn check<'a>(domain: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let count = domain.integer(COUNT)?;
    if count.is_none_or(|count| count < MINIMUM) {
        let expected = format!("at least {MINIMUM}");
        return Ok(Evaluation::non_compliant(COUNT, count, expected));
    }
    let zones = domain.boolean(ZONES)?;
    if zones != Some(true) {
        return Ok(Evaluation::non_compliant(ZONES, zones, true));
    }
    Ok(Evaluation::compliant(COUNT, count))
}
