//! Backups and volumes that have the tags of their file system belong to the same owner, cost
//! center and policies.
//!
//! ## Result
//! - COMPLIANT: the OpenZFS file system copies its tags to its backups and to its volumes.
//! - NON_COMPLIANT: it doesn't copy them to one of the two, or nothing is set.
//! - NOT_APPLICABLE: the file system is not one of OpenZFS.
//! - INSUFFICIENT_DATA: the file system was not read, or its type is not known.
//!
//! ## What to do
//! Let the file system copy its tags to backups and volumes; it can be changed at any time. What is
//! there keeps its tags: tag it by hand.
//!
//! ## Source
//! AWS Config developer guide, managed rule `fsx-openzfs-copy-tags-enabled`.

use crate::predicates::unread::not_collected;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "fsx-openzfs-copy-tags-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "FSx for OpenZFS copies tags to backups and volumes",
    resource_types: &[ResourceType::FSxFileSystem],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(KIND), own(BACKUPS), own(VOLUMES)],
    severity: Severity::Low,
    category: Category::Inventory,
    remedy: Remedy::Steps,
    check,
};

const KIND: Path = path("configuration.FileSystemType");
const BACKUPS: Path = path("configuration.OpenZFSConfiguration.CopyTagsToBackups");
const VOLUMES: Path = path("configuration.OpenZFSConfiguration.CopyTagsToVolumes");

fn check<'a>(file_system: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let kind = file_system.text(KIND)?.ok_or_else(|| not_collected(KIND))?;
    if kind != "OPENZFS" {
        let because = "the rule is for OpenZFS";
        return Ok(Evaluation::not_applicable(KIND, kind, because));
    }
    for place in [BACKUPS, VOLUMES] {
        let copies = file_system.boolean(place)?;
        if copies != Some(true) {
            return Ok(Evaluation::non_compliant(place, copies, true));
        }
    }
    Ok(Evaluation::compliant(BACKUPS, true))
}
