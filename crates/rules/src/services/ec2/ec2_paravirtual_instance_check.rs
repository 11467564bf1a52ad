//! Paravirtual instances run on the oldest types only, without the network and the isolation of the
//! newer ones.
//!
//! ## Result
//! - COMPLIANT: `virtualizationType` is `hvm`.
//! - NON_COMPLIANT: it is `paravirtual`.
//! - INSUFFICIENT_DATA: it was not read, or is neither.
//!
//! ## What to do
//! An instance's virtualization can't be changed: start another one from an HVM image on a current
//! type, move the data, and end the old one.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ec2-paravirtual-instance-check`.

use crate::predicates::unread::{malformed, not_collected};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ec2-paravirtual-instance-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "EC2 instances are not paravirtual",
    resource_types: &[ResourceType::Ec2Instance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(VIRTUALIZATION)],
    severity: Severity::Medium,
    category: Category::VulnerabilityPatchAndVersionManagement,
    remedy: Remedy::Steps,
    check,
};

const VIRTUALIZATION: Path = path("configuration.virtualizationType");

fn check<'a>(instance: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    match instance.text(VIRTUALIZATION)? {
        Some("hvm") => Ok(Evaluation::compliant(VIRTUALIZATION, "hvm")),
        Some("paravirtual") => Ok(Evaluation::non_compliant(
            VIRTUALIZATION,
            "paravirtual",
            "hvm",
        )),
        Some(other) => Err(malformed(VIRTUALIZATION, other, "hvm or paravirtual")),
        None => Err(not_collected(VIRTUALIZATION)),
    }
}
