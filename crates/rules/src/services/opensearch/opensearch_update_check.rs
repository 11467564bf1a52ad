//! Updates of the service's software bring fixes; until they are installed, a domain is without
//! them.
//!
//! ## Result
//! - COMPLIANT: no update is available, and none is waiting or under way.
//! - NON_COMPLIANT: an update is available, or one is `PENDING_UPDATE` or `IN_PROGRESS`: it is not
//!   installed yet.
//! - INSUFFICIENT_DATA: the state of the domain's software was not read, or doesn't say whether an
//!   update is available.
//!
//! ## What to do
//! Install the update in hours of little traffic. It takes a blue/green deployment, for which the
//! domain needs room.
//!
//! ## Source
//! AWS Config developer guide, managed rule `opensearch-update-check`.

use crate::predicates::unread::recorded_boolean;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "opensearch-update-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "OpenSearch domains have the newest service software",
    resource_types: &[ResourceType::OpenSearchDomain],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(AVAILABLE), own(STATUS)],
    severity: Severity::Low,
    category: Category::VulnerabilityPatchAndVersionManagement,
    remedy: Remedy::Steps,
    check,
};

const AVAILABLE: Path = path("configuration.ServiceSoftwareOptions.UpdateAvailable");
const STATUS: Path = path("configuration.ServiceSoftwareOptions.UpdateStatus");

fn check<'a>(domain: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let available = recorded_boolean(domain, AVAILABLE)?;
    if available {
        return Ok(Evaluation::non_compliant(AVAILABLE, available, false));
    }
    let status = domain.text(STATUS)?;
    if matches!(status, Some("PENDING_UPDATE" | "IN_PROGRESS")) {
        return Ok(Evaluation::non_compliant(STATUS, status, "COMPLETED"));
    }
    Ok(Evaluation::compliant(AVAILABLE, available))
}
