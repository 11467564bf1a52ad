//! Automated discovery samples every bucket each day, so that nobody has to choose where to look.
//!
//! ## Result
//! - COMPLIANT: automated sensitive data discovery is `ENABLED`.
//! - NON_COMPLIANT: it is `DISABLED`, or was never turned on; an account without Macie fails too.
//! - NOT_APPLICABLE: the account is a member: another account administers Macie for it. An
//!   invitation that nobody accepted makes no member.
//! - INSUFFICIENT_DATA: the administrator or the setting was not read.
//!
//! ## What to do
//! Turn automated discovery on in the account that administers Macie; it covers the members.
//!
//! ## Source
//! AWS Config developer guide, managed rule `macie-auto-sensitive-data-discovery-check`; Macie API
//! reference, `GetAdministratorAccount`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "macie-auto-sensitive-data-discovery-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Macie looks for sensitive data by itself",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(RELATIONSHIP), own(STATUS)],
    severity: Severity::High,
    category: Category::DetectionServices,
    remedy: Remedy::Steps,
    check,
};

const RELATIONSHIP: Path =
    path("supplementaryConfiguration.GetAdministratorAccount.administrator.relationshipStatus");
const STATUS: Path = path("supplementaryConfiguration.GetAutomatedDiscoveryConfiguration.status");

fn check<'a>(account: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let relationship = account.text(RELATIONSHIP)?;
    if matches!(relationship, Some("Enabled" | "Paused")) {
        return Ok(Evaluation::not_applicable(
            RELATIONSHIP,
            relationship,
            "another account administers Macie for this one",
        ));
    }
    let status = account.text(STATUS)?;
    if status != Some("ENABLED") {
        return Ok(Evaluation::non_compliant(STATUS, status, "ENABLED"));
    }
    Ok(Evaluation::compliant(STATUS, status))
}
