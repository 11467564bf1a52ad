//! A rotation that fails is noticed by nobody until the old value stops working.
//!
//! ## Result
//! - COMPLIANT: the secret's rotations happen as scheduled.
//! - NON_COMPLIANT: `RotationOccurringAsScheduled` is `false` or not set.
//! - NOT_APPLICABLE: the secret does not rotate.
//! - INSUFFICIENT_DATA: the secret was not read.
//!
//! ## What to do
//! Read the rotation function's log; most rotations fail by a missing network path or a missing
//! permission. Then rotate at once, and see it succeed.
//!
//! ## Source
//! AWS Config developer guide, managed rule `secretsmanager-scheduled-rotation-success-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "secretsmanager-scheduled-rotation-success-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Scheduled rotations of secrets succeed",
    resource_types: &[ResourceType::SecretsManagerSecret],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ROTATION), own(AS_SCHEDULED)],
    severity: Severity::Medium,
    category: Category::SecureDevelopment,
    remedy: Remedy::Steps,
    check,
};

const ROTATION: Path = path("configuration.RotationEnabled");
const AS_SCHEDULED: Path = path("configuration.RotationOccurringAsScheduled");

fn check<'a>(secret: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let rotation = secret.boolean(ROTATION)?;
    if rotation != Some(true) {
        return Ok(Evaluation::not_applicable(
            ROTATION,
            rotation,
            "the secret does not rotate",
        ));
    }
    let as_scheduled = secret.boolean(AS_SCHEDULED)?;
    if as_scheduled != Some(true) {
        return Ok(Evaluation::non_compliant(AS_SCHEDULED, as_scheduled, true));
    }
    Ok(Evaluation::compliant(AS_SCHEDULED, as_scheduled))
}
