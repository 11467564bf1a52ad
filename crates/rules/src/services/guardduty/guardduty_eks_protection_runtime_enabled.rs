//! What runs in a container shows in no log of the cluster; only an agent on its nodes sees it.
//!
//! ## Result
//! - COMPLIANT: the detector is on, and its feature `RUNTIME_MONITORING`, or
//!   `EKS_RUNTIME_MONITORING`, which came before it, is `ENABLED` with `EKS_ADDON_MANAGEMENT`
//!   `ENABLED`.
//! - NON_COMPLIANT: the detector is suspended, or the feature or its agent is off.
//! - INSUFFICIENT_DATA: the detector or its features were not read.
//!
//! Members are judged by their own detectors; GuardDuty lets only the administrator change them.
//!
//! ## What to do
//! Turn on Runtime Monitoring with the automated agent for EKS, in each Region; in an organization
//! from the delegated administrator. `EKS_RUNTIME_MONITORING`, which came before it, can be
//! migrated.
//!
//! ## Source
//! AWS Config developer guide, managed rule `guardduty-eks-protection-runtime-enabled`; GuardDuty
//! API reference, `GetDetector`.

use crate::predicates::detector_features::{self, Wanted};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "guardduty-eks-protection-runtime-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "GuardDuty installs its agent in EKS clusters",
    resource_types: &[ResourceType::GuardDutyDetector],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[
        own(detector_features::ENABLE),
        own(detector_features::FEATURES),
    ],
    severity: Severity::Medium,
    category: Category::DetectionServices,
    remedy: Remedy::Steps,
    check,
};

const WANTED: &[Wanted] = &[
    Wanted::with_agent("RUNTIME_MONITORING", "EKS_ADDON_MANAGEMENT"),
    Wanted::with_agent("EKS_RUNTIME_MONITORING", "EKS_ADDON_MANAGEMENT"),
];

fn check<'a>(detector: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    detector_features::judge(detector, WANTED)
}
