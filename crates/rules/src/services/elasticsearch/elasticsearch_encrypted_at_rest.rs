//! Indexes that are encrypted at rest are useless to whoever gets hold of the disks without the
//! key.
//!
//! ## Result
//! - COMPLIANT: encryption at rest is enabled.
//! - NON_COMPLIANT: encryption at rest is disabled, or nothing is set.
//! - INSUFFICIENT_DATA: the domain's encryption was not read.
//!
//! ## What to do
//! Turn encryption at rest on. It can be turned on where the engine is new enough, and never off;
//! else make a new domain and restore a snapshot into it.
//!
//! ## Source
//! AWS Config developer guide, managed rule `elasticsearch-encrypted-at-rest`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "elasticsearch-encrypted-at-rest",
    identifier: Identifier::FromId,
    version: 1,
    title: "Elasticsearch domains are encrypted at rest",
    resource_types: &[ResourceType::ElasticsearchDomain],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENABLED)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const ENABLED: Path = path("configuration.encryptionAtRestOptions.enabled");

fn check<'a>(domain: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let enabled = domain.boolean(ENABLED)?;
    if enabled != Some(true) {
        return Ok(Evaluation::non_compliant(ENABLED, enabled, true));
    }
    Ok(Evaluation::compliant(ENABLED, enabled))
}
