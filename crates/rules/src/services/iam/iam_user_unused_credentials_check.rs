//! A password or a key that nobody uses is missed by nobody when somebody else does.
//!
//! ## Result
//! - COMPLIANT: the password and each active access key were used within `maxCredentialUsageAge`
//!   days, or are not older than that; or the user has neither.
//! - NON_COMPLIANT: one of them was not used for longer.
//! - INSUFFICIENT_DATA: the credential report was not read, or has no row for the user.
//!
//! AWS does not say what was never used: here it counts from the day that it was set, since it
//! can't be unused for longer. Whole days count. AWS makes a credential report at most every four
//! hours.
//!
//! ## What to do
//! Delete the password, deactivate the key; delete the key, or the user, when nobody asked for it.
//!
//! ## Source
//! AWS Config developer guide, managed rule `iam-user-unused-credentials-check`.

use crate::predicates::{age, credential_report as report};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "iam-user-unused-credentials-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "IAM users use the credentials that they have",
    resource_types: &[ResourceType::IamUser],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: MAX_AGE,
        kind: Kind::Integer,
        default: Some("90"),
    }],
    reads: &[
        own(report::PASSWORD_ENABLED),
        own(report::PASSWORD_LAST_USED),
        own(report::PASSWORD_LAST_CHANGED),
        own(report::KEY_1_ACTIVE),
        own(report::KEY_1_LAST_USED),
        own(report::KEY_1_LAST_ROTATED),
        own(report::KEY_2_ACTIVE),
        own(report::KEY_2_LAST_USED),
        own(report::KEY_2_LAST_ROTATED),
    ],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Automation("AWSConfigRemediation-RevokeUnusedIAMUserCredentials"),
    check,
};

const MAX_AGE: &str = "maxCredentialUsageAge";

/// Where the report says of each credential: whether there is one, its last use, its beginning.
const CREDENTIALS: [(Path, Path, Path); 3] = [
    (
        report::PASSWORD_ENABLED,
        report::PASSWORD_LAST_USED,
        report::PASSWORD_LAST_CHANGED,
    ),
    (
        report::KEY_1_ACTIVE,
        report::KEY_1_LAST_USED,
        report::KEY_1_LAST_ROTATED,
    ),
    (
        report::KEY_2_ACTIVE,
        report::KEY_2_LAST_USED,
        report::KEY_2_LAST_ROTATED,
    ),
];

fn check<'a>(user: &ConfigurationItem<'a>, params: &Params, context: &Context<'a>) -> Verdict<'a> {
    let limit = params.integer(MAX_AGE)?;
    for (there, last_used, begun) in CREDENTIALS {
        if !report::is_true(user, there)? {
            continue;
        }
        let (place, time) = match report::time(user, last_used)? {
            Some(time) => (last_used, Some(time)),
            None => (begun, report::time(user, begun)?),
        };
        let unused = time.map(|time| context.days_since(time));
        if unused.is_none_or(|days| days > limit) {
            let found = unused.map(|days| format!("{} ago", age::days(days)));
            let expected = format!("at most {} ago", age::days(limit));
            return Ok(Evaluation::non_compliant(place, found, expected));
        }
    }
    Ok(Evaluation::compliant(
        report::ROW,
        format!(
            "free of credentials unused for more than {}",
            age::days(limit)
        ),
    ))
}
