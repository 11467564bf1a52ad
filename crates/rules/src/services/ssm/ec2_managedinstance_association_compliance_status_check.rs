//! An association that failed leaves an instance in another state than the one that was written
//! down for it.
//!
//! ## Result
//! - COMPLIANT: every status of the instance's associations is `COMPLIANT`.
//! - NON_COMPLIANT: a status is anything else, or an association has none, or there is none.
//! - INSUFFICIENT_DATA: the associations' compliance was not read.
//!
//! AWS's schema leaves the item's `configuration` open; the place is the one that readers of AWS
//! Config's files use.
//!
//! ## What to do
//! Look at the association's execution history in State Manager for what failed, mend it, and
//! apply the association anew.
//!
//! ## Source
//! AWS Config developer guide, managed rule
//! `ec2-managedinstance-association-compliance-status-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ec2-managedinstance-association-compliance-status-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "The associations of managed instances are compliant",
    resource_types: &[ResourceType::SsmAssociationCompliance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ASSOCIATIONS)],
    severity: Severity::Low,
    category: Category::DetectionServices,
    remedy: Remedy::Steps,
    check,
};

const ASSOCIATIONS: Path = path("configuration.\"AWS:ComplianceItem\".Content.Association");

fn check<'a>(instance: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let associations = instance.node(ASSOCIATIONS)?;
    let each = associations.map_or(&[][..], Node::members);
    if each.is_empty() {
        return Ok(Evaluation::non_compliant(
            ASSOCIATIONS,
            associations,
            "a status",
        ));
    }
    for (_, association) in each {
        let status = association.text("Status");
        if status != Some("COMPLIANT") {
            return Ok(Evaluation::non_compliant(ASSOCIATIONS, status, "COMPLIANT"));
        }
    }
    Ok(Evaluation::compliant(ASSOCIATIONS, "COMPLIANT"))
}
