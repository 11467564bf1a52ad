//! Threat protection notices sign-ins with stolen passwords, from places a user never was.
//!
//! ## Result
//! - COMPLIANT: the user pool's threat protection (once "advanced security") for standard
//!   authentication is on, in the mode `AUDIT` or `ENFORCED`; in that of `SecurityMode`, if it is
//!   given.
//! - NON_COMPLIANT: it is `OFF` or not set, or in another mode than `SecurityMode` says.
//! - INSUFFICIENT_DATA: the user pool was not read, or `SecurityMode` is neither `AUDIT` nor
//!   `ENFORCED`.
//!
//! Security Hub's control asks for `ENFORCED`; `AUDIT` only watches.
//!
//! ## What to do
//! Move the user pool to the Plus plan, which is paid, and turn threat protection on: audit only
//! for two weeks, then full function.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cognito-user-pool-advanced-security-enabled`.

use crate::predicates::parameter;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cognito-user-pool-advanced-security-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Cognito user pools have threat protection on",
    resource_types: &[ResourceType::CognitoUserPool],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: WANTED,
        kind: Kind::Text,
        default: None,
    }],
    reads: &[own(MODE)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const MODE: Path = path("configuration.UserPoolAddOns.AdvancedSecurityMode");

const WANTED: &str = "SecurityMode";

const MODES: [&str; 2] = ["AUDIT", "ENFORCED"];

fn check<'a>(pool: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let wanted = params.optional_text(WANTED);
    if let Some(wanted) = wanted.filter(|wanted| !MODES.contains(wanted)) {
        let message = format!("is {wanted:?}, expected AUDIT or ENFORCED");
        return Err(parameter::invalid(WANTED, message));
    }
    let mode = pool.text(MODE)?;
    let is_as_wanted = |mode: &str| wanted.is_none_or(|wanted| wanted == mode);
    if !mode.is_some_and(|mode| MODES.contains(&mode) && is_as_wanted(mode)) {
        let expected = wanted.unwrap_or("AUDIT or ENFORCED").to_owned();
        return Ok(Evaluation::non_compliant(MODE, mode, expected));
    }
    Ok(Evaluation::compliant(MODE, mode))
}
