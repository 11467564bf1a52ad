//! Without a plan a volume's last snapshot is as old as somebody's last good intention.
//!
//! ## Result
//! - COMPLIANT: a selection of a backup plan covers the volume, by its ARN or by its tags.
//! - NON_COMPLIANT: no selection does. A backup that somebody once made by hand doesn't count.
//! - INSUFFICIENT_DATA: the selections, or the tags that they look for, were not read. AWS Config
//!   records a selection without its tags and conditions.
//!
//! Whether the Region has opted the service in is not looked at: the rule is about plans.
//!
//! ## What to do
//! Assign the volume to a backup plan, best by a tag that every such resource gets. Where the
//! Region's settings leave the service out, opt it in: selections by tag pass it over otherwise.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ebs-in-backup-plan`.

use crate::predicates::backup;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ebs-in-backup-plan",
    identifier: Identifier::FromId,
    version: 1,
    title: "EBS volumes are in a backup plan",
    resource_types: &[ResourceType::Ec2Volume],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[
        own(backup::ARN),
        own(backup::TAGS),
        Read::Other(backup::SELECTIONS),
    ],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Steps,
    check,
};

fn check<'a>(volume: &ConfigurationItem<'a>, _: &Params, context: &Context<'a>) -> Verdict<'a> {
    backup::in_a_plan(volume, context)
}
