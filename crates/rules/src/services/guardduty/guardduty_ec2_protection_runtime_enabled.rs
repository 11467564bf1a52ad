//! An agent that each team has to install by itself is missing where it is needed.
//!
//! ## Result
//! - COMPLIANT: the detector is on, and its feature `RUNTIME_MONITORING` is `ENABLED` with
//!   `EC2_AGENT_MANAGEMENT` `ENABLED`: GuardDuty manages the agent on EC2; the same holds of every
//!   account that this one administers.
//! - NON_COMPLIANT: the detector is suspended, or the feature or its agent is off, here or in an
//!   account that this one administers.
//! - INSUFFICIENT_DATA: the detector, its features, or those of a member's detector were not read.
//!
//! The page says "ECS" where its name and the control of Security Hub say EC2; here it is EC2.
//! Members are the accounts that GuardDuty lists as associated; an account that administers none is
//! judged by its own detector alone.
//!
//! ## What to do
//! Turn on Runtime Monitoring with the automated agent for EC2; in an organization from the
//! delegated administrator, for all accounts. Instances need Systems Manager.
//!
//! ## Source
//! AWS Config developer guide, managed rule `guardduty-ec2-protection-runtime-enabled`; GuardDuty
//! API reference, `GetDetector`.

use crate::predicates::detector_features::{self, Wanted};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "guardduty-ec2-protection-runtime-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "GuardDuty installs its agent on EC2, in the account and its members",
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
    severity: Severity::Medium,
    category: Category::DetectionServices,
    remedy: Remedy::Steps,
    check,
};

const WANTED: &[Wanted] = &[Wanted::with_agent(
    "RUNTIME_MONITORING",
    "EC2_AGENT_MANAGEMENT",
)];

fn check<'a>(detector: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    detector_features::judge_with_members(detector, WANTED)
}
