//! A virtual device is a secret that was once shown on a screen; a hardware device keeps it to
//! itself.
//!
//! ## Result
//! - COMPLIANT: the root user signs in with a second factor, and no virtual device is one of its
//!   factors.
//! - NON_COMPLIANT: it has no second factor, or a virtual device among them.
//! - NOT_APPLICABLE: the root user has no credentials: neither password nor access key nor signing
//!   certificate, as IAM's account summary counts them.
//! - INSUFFICIENT_DATA: the account's summary or its virtual devices were not read.
//!
//! AWS does not say what counts as root credentials; a summary that doesn't count one of the three
//! is taken to have it.
//!
//! ## What to do
//! Register a security key or a hardware token for the root user, better two, then remove the
//! virtual device.
//!
//! ## Source
//! AWS Config developer guide, managed rule `root-account-hardware-mfa-enabled`.

use crate::predicates::root_user;
use crate::predicates::unread::malformed;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "root-account-hardware-mfa-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "The root user's second factors are hardware",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Global,
    parameters: &[],
    reads: &[
        own(root_user::PASSWORD),
        own(root_user::ACCESS_KEYS),
        own(root_user::CERTIFICATES),
        own(root_user::MFA),
        own(VIRTUAL_DEVICE_USERS),
    ],
    severity: Severity::Critical,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const VIRTUAL_DEVICE_USERS: Path =
    path("supplementaryConfiguration.ListVirtualMFADevices.VirtualMFADevices[*].User.Arn");

fn check<'a>(account: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    if !root_user::has_credentials(account)? {
        return Ok(root_user::not_judged());
    }
    let mfa = account.integer(root_user::MFA)?;
    if mfa != Some(1) {
        return Ok(Evaluation::non_compliant(root_user::MFA, mfa, 1));
    }
    // Not by the device's serial number: a user's device may be named like the root user's.
    for user in account.each(VIRTUAL_DEVICE_USERS)? {
        let Some(arn) = user.as_text() else {
            return Err(malformed(
                VIRTUAL_DEVICE_USERS,
                user.kind(),
                "ARNs of users",
            ));
        };
        if arn.ends_with(":root") {
            let expected = "no virtual device of the root user";
            return Ok(Evaluation::non_compliant(
                VIRTUAL_DEVICE_USERS,
                user,
                expected,
            ));
        }
    }
    Ok(Evaluation::compliant(root_user::MFA, mfa))
}
