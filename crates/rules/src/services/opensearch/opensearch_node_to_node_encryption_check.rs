//! Encryption between the nodes of a domain keeps its network from reading what they tell each
//! other.
//!
//! ## Result
//! - COMPLIANT: encryption between nodes is enabled.
//! - NON_COMPLIANT: encryption between nodes is disabled, or nothing is set.
//! - NOT_APPLICABLE: the domain runs Elasticsearch, for which there is a rule of its own.
//! - INSUFFICIENT_DATA: the domain's encryption was not read.
//!
//! ## What to do
//! Turn node-to-node encryption on. It can be turned on where the engine is new enough, and never
//! off; else make a new domain and restore a snapshot into it.
//!
//! ## Source
//! AWS Config developer guide, managed rule `opensearch-node-to-node-encryption-check`.

use crate::predicates::search_domains;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "opensearch-node-to-node-encryption-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "OpenSearch domains encrypt what their nodes tell each other",
    resource_types: &[ResourceType::OpenSearchDomain],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENGINE), own(ENABLED)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const ENGINE: Path = path("configuration.EngineVersion");
const ENABLED: Path = path("configuration.NodeToNodeEncryptionOptions.Enabled");

fn check<'a>(domain: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let engine = domain.text(ENGINE)?;
    if search_domains::runs_elasticsearch(engine) {
        let because = "the rule is for domains that run OpenSearch";
        return Ok(Evaluation::not_applicable(ENGINE, engine, because));
    }
    let enabled = domain.boolean(ENABLED)?;
    if enabled != Some(true) {
        return Ok(Evaluation::non_compliant(ENABLED, enabled, true));
    }
    Ok(Evaluation::compliant(ENABLED, enabled))
}
