//! A secret that rotates by itself is worth little to whoever copied it last year.
//!
//! ## Result
//! - COMPLIANT: rotation is on; at least as often as the parameters ask for, where they do.
//! - NON_COMPLIANT: rotation is off, or more hours or days pass between two rotations than
//!   `maximumAllowedRotationFrequencyInHours` or `maximumAllowedRotationFrequency` allow. A schedule
//!   that says neither hours nor days can't show that it meets a limit.
//! - INSUFFICIENT_DATA: the secret was not read.
//!
//! ## What to do
//! Give the secret a rotation function and a schedule. Secrets that RDS and other services manage
//! need no function.
//!
//! ## Source
//! AWS Config developer guide, managed rule `secretsmanager-rotation-enabled-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "secretsmanager-rotation-enabled-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Secrets rotate automatically",
    resource_types: &[ResourceType::SecretsManagerSecret],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: MAX_DAYS,
            kind: Kind::Integer,
            default: None,
        },
        Parameter {
            name: MAX_HOURS,
            kind: Kind::Integer,
            default: None,
        },
    ],
    reads: &[own(ROTATION), own(HOURS), own(DAYS)],
    severity: Severity::Medium,
    category: Category::SecureDevelopment,
    remedy: Remedy::Automation("AWSConfigRemediation-RotateSecret"),
    check,
};

const ROTATION: Path = path("configuration.RotationEnabled");
const HOURS: Path = path("configuration.RotationRules.AutomaticallyAfterHours");
const DAYS: Path = path("configuration.RotationRules.AutomaticallyAfterDays");

const MAX_DAYS: &str = "maximumAllowedRotationFrequency";
const MAX_HOURS: &str = "maximumAllowedRotationFrequencyInHours";

fn check<'a>(secret: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let rotation = secret.boolean(ROTATION)?;
    if rotation != Some(true) {
        return Ok(Evaluation::non_compliant(ROTATION, rotation, true));
    }
    let days = params.optional_integer(MAX_DAYS).map(hours_of);
    let limits = [days, params.optional_integer(MAX_HOURS)];
    if let Some(limit) = limits.into_iter().flatten().min() {
        let (place, hours) = match secret.integer(HOURS)? {
            None => (DAYS, secret.integer(DAYS)?.map(hours_of)),
            hours => (HOURS, hours),
        };
        if hours.is_none_or(|hours| hours > limit) {
            let found = hours.map(|hours| format!("{hours} hours"));
            let expected = format!("at most {limit} hours");
            return Ok(Evaluation::non_compliant(place, found, expected));
        }
    }
    Ok(Evaluation::compliant(ROTATION, rotation))
}

fn hours_of(days: i64) -> i64 {
    days.saturating_mul(24)
}
