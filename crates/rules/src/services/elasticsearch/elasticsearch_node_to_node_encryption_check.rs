//! Encryption between the nodes of a domain keeps its network from reading what they tell each
//! other.
//!
//! ## Result
//! - COMPLIANT: encryption between nodes is enabled.
//! - NON_COMPLIANT: encryption between nodes is disabled, or nothing is set.
//! - INSUFFICIENT_DATA: the domain's encryption was not read.
//!
//! ## What to do
//! Turn node-to-node encryption on. It can be turned on where the engine is new enough, and never
//! off; else make a new domain and restore a snapshot into it.
//!
//! ## Source
//! AWS Config developer guide, managed rule `elasticsearch-node-to-node-encryption-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "elasticsearch-node-to-node-encryption-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Elasticsearch domains encrypt what their nodes tell each other",
    resource_types: &[ResourceType::ElasticsearchDomain],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENABLED)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const ENABLED: Path = path("configuration.nodeToNodeEncryptionOptions.enabled");

fn check<'a>(domain: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let enabled = domain.boolean(ENABLED)?;
    if enabled != Some(true) {
        return Ok(Evaluation::non_compliant(ENABLED, enabled, true));
    }
    Ok(Evaluation::compliant(ENABLED, enabled))
}
