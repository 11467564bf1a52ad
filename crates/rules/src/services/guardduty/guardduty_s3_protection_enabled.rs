//! Whoever has stolen keys reads buckets first, and only S3's data events show it.
//!
//! ## Result
//! - COMPLIANT: the detector is on, and its feature `S3_DATA_EVENTS` is `ENABLED`.
//! - NON_COMPLIANT: the detector is suspended, or the feature is off.
//! - INSUFFICIENT_DATA: the detector or its features were not read.
//!
//! Members are judged by their own detectors; GuardDuty lets only the administrator change them.
//!
//! ## What to do
//! Turn on S3 Protection in each Region; in an organization from the delegated administrator, for
//! new accounts too. It is billed by events.
//!
//! ## Source
//! AWS Config developer guide, managed rule `guardduty-s3-protection-enabled`; GuardDuty API
//! reference, `GetDetector`.

use crate::predicates::detector_features::{self, Wanted};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "guardduty-s3-protection-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "GuardDuty watches S3 data events",
    resource_types: &[ResourceType::GuardDutyDetector],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[
        own(detector_features::ENABLE),
        own(detector_features::FEATURES),
    ],
    severity: Severity::High,
    category: Category::DetectionServices,
    remedy: Remedy::Steps,
    check,
};

const WANTED: &[Wanted] = &[Wanted::of("S3_DATA_EVENTS")];

fn check<'a>(detector: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    detector_features::judge(detector, WANTED)
}
