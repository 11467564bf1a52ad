//! A trail of one Region misses whoever works in another one, which is where an intruder goes.
//!
//! ## Result
//! - COMPLIANT: at least one trail that records in every Region leaves no management event out and
//!   is what the parameters ask for.
//! - NON_COMPLIANT: there is no such trail; the result says what each lacks.
//! - INSUFFICIENT_DATA: the trails, or the status or event selectors of one, were not read; or
//!   `readWriteType` is unknown.
//!
//! AWS does not say whether a stopped trail counts, nor one without any management event; here
//! neither does, the latter unless `includeManagementEvents` is `false`. Trails of the organization
//! and of other Regions count where they reach into this one.
//!
//! ## What to do
//! Make the trail one for all Regions and take the exclusions out of its event selectors.
//!
//! ## Source
//! AWS Config developer guide, managed rule `multi-region-cloudtrail-enabled`.

use crate::predicates::event_selectors::Kind as Events;
use crate::predicates::{parameter, trail};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "multi-region-cloudtrail-enabled",
    identifier: Identifier::Named("MULTI_REGION_CLOUD_TRAIL_ENABLED"),
    version: 1,
    title: "A trail records in every Region",
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
        Parameter {
            name: INCLUDE_MANAGEMENT,
            kind: Kind::Boolean,
            default: None,
        },
        Parameter {
            name: READ_WRITE,
            kind: Kind::Text,
            default: None,
        },
    ],
    reads: &[
        own(trail::TRAILS),
        own(trail::STATUS),
        own(trail::SELECTORS),
    ],
    severity: Severity::High,
    category: Category::Logging,
    remedy: Remedy::Automation("AWSConfigRemediation-CreateCloudTrailMultiRegionTrail"),
    check,
};

const INCLUDE_MANAGEMENT: &str = "includeManagementEvents";
const READ_WRITE: &str = "readWriteType";

fn check<'a>(account: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let kinds = wanted_kinds(params)?;
    let trails = trail::all(account)?.into_iter();
    let faults = trails
        .zip(trail::selectors(account)?)
        .map(|(trail, selectors)| {
            let records = |kind: &Events| selectors.record_management(*kind);
            let records_wanted = match kinds {
                Some(kinds) => kinds.iter().all(records),
                None => [Events::Read, Events::Write].iter().any(records),
            };
            let is_asked_for = params.optional_boolean(INCLUDE_MANAGEMENT) != Some(false);
            let fault = [
                (trail.is_logging(), "is stopped"),
                (
                    trail.is_on("IsMultiRegionTrail"),
                    "records in one Region only",
                ),
                (!selectors.exclude_sources(), "leaves sources of events out"),
                (
                    records_wanted || !is_asked_for,
                    "leaves management events out",
                ),
            ]
            .into_iter()
            .find(|(is_good, _)| !is_good)
            .map(|(_, fault)| fault);
            (trail, fault.or_else(|| trail.misses_target(params)))
        });
    let expected = "a trail for every Region that leaves nothing out";
    Ok(trail::at_least_one(faults, expected))
}

/// The kinds of management events that must be there; none where any will do.
fn wanted_kinds(params: &Params) -> Result<Option<&'static [Events]>, InsufficientData> {
    Ok(match params.optional_text(READ_WRITE) {
        None => None,
        Some(text) if text.eq_ignore_ascii_case("All") => Some(&[Events::Read, Events::Write]),
        Some("ReadOnly") => Some(&[Events::Read]),
        Some("WriteOnly") => Some(&[Events::Write]),
        Some(text) => {
            let message = format!("is {text:?}, expected ReadOnly, WriteOnly or ALL");
            return Err(parameter::invalid(READ_WRITE, message));
        }
    })
}
