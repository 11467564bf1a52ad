//! The root user's password alone, once guessed or phished, is the whole account.
//!
//! ## Result
//! - COMPLIANT: the root user signs in with a second factor.
//! - NON_COMPLIANT: it has credentials and no second factor.
//! - NOT_APPLICABLE: the root user has no credentials: neither password nor access key nor signing
//!   certificate, as IAM's account summary counts them.
//! - INSUFFICIENT_DATA: the account's summary was not read.
//!
//! AWS does not say what counts as root credentials; a summary that doesn't count one of the three
//! is taken to have it.
//!
//! ## What to do
//! Sign in as the root user and register a passkey or a hardware token, better two. Member accounts
//! of an organization need no root credentials at all: remove them centrally.
//!
//! ## Source
//! AWS Config developer guide, managed rule `root-account-mfa-enabled`.

use crate::predicates::root_user;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "root-account-mfa-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "The root user signs in with a second factor",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Global,
    parameters: &[],
    reads: &[
        own(root_user::PASSWORD),
        own(root_user::ACCESS_KEYS),
        own(root_user::CERTIFICATES),
        own(root_user::MFA),
    ],
    severity: Severity::Critical,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

fn check<'a>(account: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    if !root_user::has_credentials(account)? {
        return Ok(root_user::not_judged());
    }
    let mfa = account.integer(root_user::MFA)?;
    if mfa != Some(1) {
        return Ok(Evaluation::non_compliant(root_user::MFA, mfa, 1));
    }
    Ok(Evaluation::compliant(root_user::MFA, mfa))
}
