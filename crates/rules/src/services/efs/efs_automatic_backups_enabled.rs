//! Files that nobody backs up are gone with the first mistake.
//!
//! ## Result
//! - COMPLIANT: the status of the file system's backup policy is `ENABLED`, or `ENABLING`.
//! - NON_COMPLIANT: it is `DISABLED` or `DISABLING`, or the file system has no backup policy.
//! - INSUFFICIENT_DATA: the file system's backup policy was not read.
//!
//! ## What to do
//! Turn automatic backups on. AWS Backup then keeps daily backups for 35 days, and bills them. A
//! file system that a backup plan of one's own holds is backed up too, and fails here all the same.
//!
//! ## Source
//! AWS Config developer guide, managed rule `efs-automatic-backups-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "efs-automatic-backups-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "EFS file systems are backed up automatically",
    resource_types: &[ResourceType::EfsFileSystem],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(STATUS)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Steps,
    check,
};

const STATUS: Path = path("configuration.BackupPolicy.Status");

fn check<'a>(file_system: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let status = file_system.text(STATUS)?;
    if !matches!(status, Some("ENABLED" | "ENABLING")) {
        return Ok(Evaluation::non_compliant(STATUS, status, "ENABLED"));
    }
    Ok(Evaluation::compliant(STATUS, status))
}
