//! A trail that is to prove what happened has to see everything, everywhere, and be hard to read
//! and to forge.
//!
//! ## Result
//! - COMPLIANT: at least one trail records in every Region, with the events of global services and
//!   every management event, read or write, and is encrypted with a KMS key and signed.
//! - NON_COMPLIANT: there is no trail, or each lacks something; the result says what.
//! - INSUFFICIENT_DATA: the trails, or the status or event selectors of one, were not read.
//!
//! AWS does not say whether a stopped trail counts; here it doesn't. Trails of the organization and
//! of other Regions count where they reach into this one.
//!
//! ## What to do
//! Complete the trail that lacks least, best the organization's, rather than make another one: each
//! further copy of management events is billed.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloudtrail-security-trail-enabled`.

use crate::predicates::event_selectors::{Kind as Events, Selectors};
use crate::predicates::trail::{self, Trail};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloudtrail-security-trail-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "A trail records everything, encrypted and signed",
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
    let trails = trail::all(account)?;
    let faults = trails
        .into_iter()
        .zip(trail::selectors(account)?)
        .map(|(trail, selectors)| (trail, fault(trail, selectors)));
    let expected = "a trail that records everything, encrypted and signed";
    Ok(trail::at_least_one(faults, expected))
}

fn fault(trail: Trail<'_>, selectors: Selectors<'_>) -> Option<&'static str> {
    let records_all = [Events::Read, Events::Write]
        .into_iter()
        .all(|kind| selectors.record_management(kind));
    [
        (trail.is_logging(), "is stopped"),
        (
            trail.is_on("IncludeGlobalServiceEvents"),
            "leaves global services out",
        ),
        (
            trail.is_on("IsMultiRegionTrail"),
            "records in one Region only",
        ),
        (trail.is_on("LogFileValidationEnabled"), "is not signed"),
        (trail.has_key(), "is not encrypted with a KMS key"),
        (records_all, "leaves management events out"),
    ]
    .into_iter()
    .find(|(is_good, _)| !is_good)
    .map(|(_, fault)| fault)
}
