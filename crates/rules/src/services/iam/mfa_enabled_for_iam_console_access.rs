//! A password that opens the console is phished in a minute; a second factor is not.
//!
//! ## Result
//! - COMPLIANT: the user has a password and a second factor.
//! - NON_COMPLIANT: the user has a password and no second factor.
//! - NOT_APPLICABLE: the user has no password, so the console is closed to it.
//! - INSUFFICIENT_DATA: the credential report was not read, or has no row for the user.
//!
//! AWS makes a credential report at most every four hours: a change may take as long to show.
//!
//! ## What to do
//! Register a passkey, a token or a virtual device for the user, or delete the password; better
//! still, let people sign in through IAM Identity Center.
//!
//! ## Source
//! AWS Config developer guide, managed rule `mfa-enabled-for-iam-console-access`.

use crate::predicates::credential_report;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "mfa-enabled-for-iam-console-access",
    identifier: Identifier::FromId,
    version: 1,
    title: "IAM users with a password have a second factor",
    resource_types: &[ResourceType::IamUser],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[
        own(credential_report::PASSWORD_ENABLED),
        own(credential_report::MFA_ACTIVE),
    ],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

fn check<'a>(user: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    if !credential_report::is_true(user, credential_report::PASSWORD_ENABLED)? {
        return Ok(Evaluation::not_applicable(
            credential_report::PASSWORD_ENABLED,
            false,
            "the user has no password",
        ));
    }
    let place = credential_report::MFA_ACTIVE;
    if !credential_report::is_true(user, place)? {
        return Ok(Evaluation::non_compliant(place, false, true));
    }
    Ok(Evaluation::compliant(place, true))
}
