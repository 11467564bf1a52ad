//! A user without a second factor is as safe as one secret.
//!
//! ## Result
//! - COMPLIANT: the user has at least one MFA device, with or without a password.
//! - NON_COMPLIANT: the user has none.
//! - INSUFFICIENT_DATA: the user's devices, or the account's virtual ones, were not read.
//!
//! ## What to do
//! Register a passkey, a token or a virtual device for the user; delete users that only programs
//! use and give the programs roles.
//!
//! ## Source
//! AWS Config developer guide, managed rule `iam-user-mfa-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "iam-user-mfa-enabled",
    identifier: Identifier::FromId,
    version: 2,
    title: "IAM users have a second factor",
    resource_types: &[ResourceType::IamUser],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(VIRTUAL_DEVICES), own(DEVICES)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const VIRTUAL_DEVICES: Path =
    path("supplementaryConfiguration.ListVirtualMFADevices.VirtualMFADevices");
/// Of whatever kind.
const DEVICES: Path = path("supplementaryConfiguration.ListMFADevices.MFADevices");

fn check<'a>(user: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    // Who has none may have a device of another kind.
    if let [device, ..] = user.list(VIRTUAL_DEVICES)? {
        let found = device.text("SerialNumber");
        return Ok(Evaluation::compliant(VIRTUAL_DEVICES, found));
    }
    let Some(device) = user.list(DEVICES)?.first() else {
        return Ok(Evaluation::non_compliant(DEVICES, "empty", "an MFA device"));
    };
    Ok(Evaluation::compliant(DEVICES, device.text("SerialNumber")))
}
