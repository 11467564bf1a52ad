//! Without a trail, what was done in an account is known for ninety days and then to nobody.
//!
//! ## Result
//! - COMPLIANT: at least one trail records, and delivers to the bucket, topic and log group that
//!   the parameters name.
//! - NON_COMPLIANT: there is no trail, or none that does.
//! - INSUFFICIENT_DATA: the trails, or the status of one, were not read.
//!
//! AWS does not say whether a stopped trail counts; here it doesn't. Trails of the organization and
//! of other Regions count where they reach into this one.
//!
//! ## What to do
//! Create a trail, best one for the organization and all Regions, or start the one that is stopped.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloudtrail-enabled`.

use crate::predicates::trail;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloudtrail-enabled",
    identifier: Identifier::Named("CLOUD_TRAIL_ENABLED"),
    version: 1,
    title: "A CloudTrail trail records the account",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: trail::BUCKET,
            kind: Kind::Text,
            default: None,
        },
        Parameter {
            name: trail::TOPIC,
            kind: Kind::Text,
            default: None,
        },
        Parameter {
            name: trail::LOG_GROUP,
            kind: Kind::Text,
            default: None,
        },
    ],
    reads: &[own(trail::TRAILS), own(trail::STATUS)],
    severity: Severity::High,
    category: Category::Logging,
    remedy: Remedy::Automation("AWS-EnableCloudTrail"),
    check,
};

fn check<'a>(account: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let trails = trail::all(account)?.into_iter().map(|trail| {
        if !trail.is_logging() {
            return (trail, Some("is stopped"));
        }
        (trail, trail.misses_target(params))
    });
    let expected = "a trail that records and delivers to what is named";
    Ok(trail::at_least_one(trails, expected))
}
