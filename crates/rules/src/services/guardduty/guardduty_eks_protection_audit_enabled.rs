//! What happens inside a Kubernetes cluster stands in its audit log alone.
//!
//! ## Result
//! - COMPLIANT: the detector is on, and its feature `EKS_AUDIT_LOGS` is `ENABLED`.
//! - NON_COMPLIANT: the detector is suspended, or the feature is off.
//! - INSUFFICIENT_DATA: the detector or its features were not read.
//!
//! Members are judged by their own detectors; GuardDuty lets only the administrator change them.
//!
//! ## What to do
//! Turn on EKS Protection in each Region; in an organization from the delegated administrator, for
//! new accounts too. It is billed by events.
//!
//! ## Source
//! AWS Config developer guide, managed rule `guardduty-eks-protection-audit-enabled`; GuardDuty API
//! reference, `GetDetector`.

use crate::predicates::detector_features::{self, Wanted};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "guardduty-eks-protection-audit-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "GuardDuty watches the audit logs of EKS",
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

const WANTED: &[Wanted] = &[Wanted::of("EKS_AUDIT_LOGS")];

fn check<'a>(detector: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    detector_features::judge(detector, WANTED)
}
