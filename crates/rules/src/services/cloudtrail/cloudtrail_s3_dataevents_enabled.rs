//! Management events say who changed a bucket; only data events say who read and wrote what is in
//! it.
//!
//! ## Result
//! - COMPLIANT: at least one trail records every read and write of objects in all buckets; in those
//!   of `S3BucketNames`, where that is given.
//! - NON_COMPLIANT: there is no trail, or none that does.
//! - INSUFFICIENT_DATA: the trails, or the status or event selectors of one, were not read.
//!
//! AWS does not say whether a stopped trail counts, one that records writes only, or several that
//! cover the buckets together; here none of them does.
//!
//! ## What to do
//! Add data events of S3 objects to a trail: they are billed by their number, so begin with the
//! buckets that matter and name them in `S3BucketNames`.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloudtrail-s3-dataevents-enabled`.

use crate::predicates::event_selectors::Kind as Events;
use crate::predicates::trail;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloudtrail-s3-dataevents-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "A trail records reads and writes of S3 objects",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: BUCKETS,
        kind: Kind::List,
        default: None,
    }],
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

const BUCKETS: &str = "S3BucketNames";

fn check<'a>(account: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let buckets = params.list(BUCKETS);
    let trails = trail::all(account)?.into_iter();
    let faults = trails
        .zip(trail::selectors(account)?)
        .map(|(trail, selectors)| {
            let records = |bucket: Option<&str>| {
                [Events::Read, Events::Write]
                    .into_iter()
                    .all(|kind| selectors.record_objects(kind, bucket))
            };
            let records_wanted = match buckets {
                [] => records(None),
                buckets => buckets.iter().all(|bucket| records(Some(bucket))),
            };
            let fault = match (trail.is_logging(), records_wanted) {
                (false, _) => Some("is stopped"),
                (true, false) => Some("leaves objects out"),
                (true, true) => None,
            };
            (trail, fault)
        });
    let expected = "a trail that records every read and write of the buckets' objects";
    Ok(trail::at_least_one(faults, expected))
}
