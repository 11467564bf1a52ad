//! Point-in-time recovery ends with the table; a backup plan's copies outlive it.
//!
//! ## Result
//! - COMPLIANT: a selection of a backup plan covers the table, by its ARN or by its tags.
//! - NON_COMPLIANT: no selection does. A backup that somebody once made by hand doesn't count.
//! - INSUFFICIENT_DATA: the selections, or the tags that they look for, were not read. AWS Config
//!   records a selection without its tags and conditions.
//!
//! Whether the Region has opted the service in is not looked at: the rule is about plans.
//!
//! ## What to do
//! Assign the table to a backup plan, best by a tag that every such resource gets. Where the
//! Region's settings leave the service out, opt it in: selections by tag pass it over otherwise.
//!
//! ## Source
//! AWS Config developer guide, managed rule `dynamodb-in-backup-plan`.

use crate::predicates::backup;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "dynamodb-in-backup-plan",
    identifier: Identifier::FromId,
    version: 1,
    title: "DynamoDB tables are in a backup plan",
    resource_types: &[ResourceType::DynamoDbTable],
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

fn check<'a>(table: &ConfigurationItem<'a>, _: &Params, context: &Context<'a>) -> Verdict<'a> {
    backup::in_a_plan(table, context)
}
