//! The longer a secret stays the same, the more places have kept a copy of it.
//!
//! ## Result
//! - COMPLIANT: the last rotation is `maxDaysSinceRotation` days ago or fewer.
//! - NON_COMPLIANT: it is more days ago. A secret that never rotated is as old as its creation; new
//!   values that somebody stored by hand are no rotation.
//! - INSUFFICIENT_DATA: the secret's dates were not read. AWS Config does not record them.
//!
//! ## What to do
//! Rotate the secret, and give it a schedule.
//!
//! ## Source
//! AWS Config developer guide, managed rule `secretsmanager-secret-periodic-rotation`.

use crate::predicates::age;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "secretsmanager-secret-periodic-rotation",
    identifier: Identifier::FromId,
    version: 1,
    title: "Secrets were rotated lately",
    resource_types: &[ResourceType::SecretsManagerSecret],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: MAX_DAYS,
        kind: Kind::Integer,
        default: Some("90"),
    }],
    reads: &[own(ROTATED), own(CREATED)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Automation("AWSConfigRemediation-RotateSecret"),
    check,
};

const ROTATED: Path = path("supplementaryConfiguration.DescribeSecret.LastRotatedDate");
const CREATED: Path = path("supplementaryConfiguration.DescribeSecret.CreatedDate");

const MAX_DAYS: &str = "maxDaysSinceRotation";

fn check<'a>(secret: &ConfigurationItem<'a>, params: &Params, at: &Context<'a>) -> Verdict<'a> {
    age::judge(secret, at, [ROTATED, CREATED], params.integer(MAX_DAYS)?)
}
