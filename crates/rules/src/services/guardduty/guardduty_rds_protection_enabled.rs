//! Guessed and stolen database passwords show in logins alone.
//!
//! ## Result
//! - COMPLIANT: the detector is on, and its feature `RDS_LOGIN_EVENTS` is `ENABLED`.
//! - NON_COMPLIANT: the detector is suspended, or the feature is off.
//! - INSUFFICIENT_DATA: the detector or its features were not read.
//!
//! Members are judged by their own detectors; GuardDuty lets only the administrator change them.
//!
//! ## What to do
//! Turn on RDS Protection in each Region; in an organization from the delegated administrator, for
//! new accounts too. It is billed by database capacity.
//!
//! ## Source
//! AWS Config developer guide, managed rule `guardduty-rds-protection-enabled`; GuardDuty API
//! reference, `GetDetector`.

use crate::predicates::detector_features::{self, Wanted};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "guardduty-rds-protection-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "GuardDuty watches logins to databases",
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

const WANTED: &[Wanted] = &[Wanted::of("RDS_LOGIN_EVENTS")];

fn check<'a>(detector: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    detector_features::judge(detector, WANTED)
}
