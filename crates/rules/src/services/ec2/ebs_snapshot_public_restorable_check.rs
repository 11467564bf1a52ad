//! Whoever has an AWS account can make a volume of a public snapshot and read all that is on it.
//!
//! ## Result
//! - COMPLIANT: everybody may restore none of the account's snapshots.
//! - NON_COMPLIANT: everybody may restore at least one; the first is named.
//! - INSUFFICIENT_DATA: the account's public snapshots were not listed.
//!
//! ## What to do
//! Make the snapshot private, take what it holds as known to others, and change the secrets in it.
//! Then block public access to snapshots in the Region.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ebs-snapshot-public-restorable-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ebs-snapshot-public-restorable-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "No EBS snapshot can be restored by everybody",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(PUBLIC_SNAPSHOTS)],
    severity: Severity::Critical,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Automation("ASR-MakeEBSSnapshotsPrivate"),
    check,
};

/// Asked with `OwnerIds=self` and `RestorableByUserIds=all`: the reply is the public ones.
const PUBLIC_SNAPSHOTS: Path = path("supplementaryConfiguration.DescribeSnapshots.Snapshots");

fn check<'a>(account: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    if let Some(snapshot) = account.list(PUBLIC_SNAPSHOTS)?.first() {
        return Ok(Evaluation::non_compliant(
            PUBLIC_SNAPSHOTS,
            snapshot.text("SnapshotId"),
            "no snapshot that everybody may restore",
        ));
    }
    Ok(Evaluation::compliant(PUBLIC_SNAPSHOTS, "empty"))
}
