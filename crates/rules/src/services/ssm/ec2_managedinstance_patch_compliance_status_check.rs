//! A patch that is missing is a hole that others already know of.
//!
//! ## Result
//! - COMPLIANT: the status of the instance's patch compliance is `COMPLIANT`.
//! - NON_COMPLIANT: it is anything else or not set.
//! - INSUFFICIENT_DATA: the patch compliance was not read.
//!
//! AWS's schema leaves the item's `configuration` open; the place is the one that readers of AWS
//! Config's files use.
//!
//! ## What to do
//! Install what is missing with Patch Manager in a maintenance window, and reboot where a patch
//! waits for that. See then why the schedule left it out.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ec2-managedinstance-patch-compliance-status-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ec2-managedinstance-patch-compliance-status-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Managed instances have the patches of their baseline",
    resource_types: &[ResourceType::SsmPatchCompliance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(STATUS)],
    severity: Severity::High,
    category: Category::DetectionServices,
    remedy: Remedy::Steps,
    check,
};

const STATUS: Path =
    path("configuration.\"AWS:ComplianceItem\".Content.Patch.ComplianceSummary.Status");

fn check<'a>(instance: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let status = instance.text(STATUS)?;
    if status != Some("COMPLIANT") {
        return Ok(Evaluation::non_compliant(STATUS, status, "COMPLIANT"));
    }
    Ok(Evaluation::compliant(STATUS, status))
}
