//! Backups that have the tags of their file system belong to the same owner, cost center and
//! policies.
//!
//! ## Result
//! - COMPLIANT: the Lustre file system copies its tags to its backups.
//! - NON_COMPLIANT: it doesn't, or nothing is set.
//! - NOT_APPLICABLE: the file system is not one of Lustre.
//! - INSUFFICIENT_DATA: the file system was not read, or its type is not known.
//!
//! ## What to do
//! It is chosen when a file system is made: make one that copies its tags from a backup of this
//! one. Tag the backups that are there by hand.
//!
//! ## Source
//! AWS Config developer guide, managed rule `fsx-lustre-copy-tags-to-backups`.

use crate::predicates::unread::not_collected;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "fsx-lustre-copy-tags-to-backups",
    identifier: Identifier::FromId,
    version: 1,
    title: "FSx for Lustre copies tags to backups",
    resource_types: &[ResourceType::FSxFileSystem],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(KIND), own(COPIES)],
    severity: Severity::Low,
    category: Category::Inventory,
    remedy: Remedy::Steps,
    check,
};

const KIND: Path = path("configuration.FileSystemType");
const COPIES: Path = path("configuration.LustreConfiguration.CopyTagsToBackups");

fn check<'a>(file_system: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let kind = file_system.text(KIND)?.ok_or_else(|| not_collected(KIND))?;
    if kind != "LUSTRE" {
        let because = "the rule is for Lustre";
        return Ok(Evaluation::not_applicable(KIND, kind, because));
    }
    let copies = file_system.boolean(COPIES)?;
    if copies != Some(true) {
        return Ok(Evaluation::non_compliant(COPIES, copies, true));
    }
    Ok(Evaluation::compliant(COPIES, copies))
}
