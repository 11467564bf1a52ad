//! Who changed or deleted an object stands in data events alone, and an attacker picks the Region
//! that nobody records.
//!
//! ## Result
//! - COMPLIANT: at least one trail of all Regions records every write of objects, in all buckets
//!   that there are and will be.
//! - NON_COMPLIANT: there is no trail, or none that does.
//! - INSUFFICIENT_DATA: the trails, or the status or event selectors of one, were not read.
//!
//! A stopped trail doesn't count, nor do several that cover the buckets together.
//!
//! ## What to do
//! Add data events of S3 objects for all buckets to a trail of all Regions. They are billed by
//! their number.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloudtrail-all-write-s3-data-event-check`.

use crate::predicates::event_selectors::Kind as Events;
use crate::predicates::trail;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloudtrail-all-write-s3-data-event-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "A trail of all Regions records every write of S3 objects",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[
        own(trail::TRAILS),
        own(trail::STATUS),
        own(trail::SELECTORS),
    ],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

fn check<'a>(account: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let expected = "a trail of all Regions that records every write of objects in all buckets";
    trail::records_all_objects(account, Events::Write, expected)
}
