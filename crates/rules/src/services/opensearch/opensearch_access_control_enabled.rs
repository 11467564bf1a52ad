//! Without fine-grained access control, whoever may use a domain may read and write every index of
//! it.
//!
//! ## Result
//! - COMPLIANT: the advanced security options of the domain are enabled.
//! - NON_COMPLIANT: they are not, or nothing is set.
//! - INSUFFICIENT_DATA: the domain was not read.
//!
//! ## What to do
//! Turn fine-grained access control on, which asks for HTTPS only, encryption at rest and
//! encryption between nodes, and can't be turned off again. Map users to roles during the migration
//! period.
//!
//! ## Source
//! AWS Config developer guide, managed rule `opensearch-access-control-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "opensearch-access-control-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "OpenSearch domains have fine-grained access control",
    resource_types: &[ResourceType::OpenSearchDomain],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENABLED)],
    severity: Severity::High,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const ENABLED: Path = path("configuration.AdvancedSecurityOptions.Enabled");

fn check<'a>(domain: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let enabled = domain.boolean(ENABLED)?;
    if enabled != Some(true) {
        return Ok(Evaluation::non_compliant(ENABLED, enabled, true));
    }
    Ok(Evaluation::compliant(ENABLED, enabled))
}
