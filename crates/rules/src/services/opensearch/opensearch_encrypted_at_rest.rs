//! Indexes that are encrypted at rest are useless to whoever gets hold of the disks without the
//! key.
//!
//! ## Result
//! - COMPLIANT: encryption at rest is enabled.
//! - NON_COMPLIANT: encryption at rest is disabled, or nothing is set.
//! - NOT_APPLICABLE: the domain runs Elasticsearch, for which there is a rule of its own.
//! - INSUFFICIENT_DATA: the domain's encryption was not read.
//!
//! ## What to do
//! Turn encryption at rest on. It can be turned on where the engine is new enough, and never off;
//! else make a new domain and restore a snapshot into it.
//!
//! ## Source
//! AWS Config developer guide, managed rule `opensearch-encrypted-at-rest`.

use crate::predicates::search_domains;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "opensearch-encrypted-at-rest",
    identifier: Identifier::FromId,
    version: 1,
    title: "OpenSearch domains are encrypted at rest",
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
const ENABLED: Path = path("configuration.EncryptionAtRestOptions.Enabled");

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
