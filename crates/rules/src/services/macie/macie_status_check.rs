//! Macie tells which buckets hold personal and secret data, and which of them are open.
//!
//! ## Result
//! - COMPLIANT: Macie's status in this Region is `ENABLED`.
//! - NON_COMPLIANT: Macie is paused, or was never turned on in this Region.
//! - INSUFFICIENT_DATA: Macie's status was not read.
//!
//! ## What to do
//! Turn Macie on in each Region that has buckets; in an organization, from its delegated
//! administrator. Macie is billed by buckets and by what it reads.
//!
//! ## Source
//! AWS Config developer guide, managed rule `macie-status-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "macie-status-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Macie is on in the Region",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(STATUS)],
    severity: Severity::Medium,
    category: Category::DetectionServices,
    remedy: Remedy::Automation("ASR-EnableMacie"),
    check,
};

const STATUS: Path = path("supplementaryConfiguration.GetMacieSession.status");

fn check<'a>(account: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let status = account.text(STATUS)?;
    if status != Some("ENABLED") {
        return Ok(Evaluation::non_compliant(STATUS, status, "ENABLED"));
    }
    Ok(Evaluation::compliant(STATUS, status))
}
