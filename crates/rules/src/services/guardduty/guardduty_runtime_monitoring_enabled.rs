//! Logs show what goes over the network; what runs on a host, only an agent there sees.
//!
//! ## Result
//! - COMPLIANT: the detector is on, and its feature `RUNTIME_MONITORING` is `ENABLED`; the same
//!   holds of every account that this one administers.
//! - NON_COMPLIANT: the detector is suspended, or the feature is off, here or in an account that
//!   this one administers.
//! - INSUFFICIENT_DATA: the detector, its features, or those of a member's detector were not read.
//!
//! `EKS_RUNTIME_MONITORING`, which came before it and watches EKS only, is not enough. Members are
//! the accounts that GuardDuty lists as associated; an account that administers none is judged by
//! its own detector alone.
//!
//! ## What to do
//! Turn on Runtime Monitoring in each Region; in an organization from the delegated administrator,
//! for all accounts. It is billed by the monitored processors.
//!
//! ## Source
//! AWS Config developer guide, managed rule `guardduty-runtime-monitoring-enabled`; GuardDuty API
//! reference, `GetDetector`.

use crate::predicates::detector_features::{self, Wanted};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "guardduty-runtime-monitoring-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "GuardDuty watches what runs, in the account and its members",
    resource_types: &[ResourceType::GuardDutyDetector],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[
        own(detector_features::ENABLE),
        own(detector_features::FEATURES),
        own(detector_features::MEMBERS),
        own(detector_features::MEMBER_FEATURES),
    ],
    severity: Severity::High,
    category: Category::DetectionServices,
    remedy: Remedy::Steps,
    check,
};

const WANTED: &[Wanted] = &[Wanted::of("RUNTIME_MONITORING")];

fn check<'a>(detector: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    detector_features::judge_with_members(detector, WANTED)
}
