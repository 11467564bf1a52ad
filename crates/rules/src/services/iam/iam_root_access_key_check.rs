//! An access key of the root user may do everything, and no policy of the account holds it back.
//!
//! ## Result
//! - COMPLIANT: the root user has no access key.
//! - NON_COMPLIANT: it has one, active or not.
//! - INSUFFICIENT_DATA: the account's summary was not read.
//!
//! ## What to do
//! Move what uses the key to a role, then delete the key as the root user. In an organization with
//! central root access, the management account can delete it.
//!
//! ## Source
//! AWS Config developer guide, managed rule `iam-root-access-key-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "iam-root-access-key-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "The root user has no access key",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Global,
    parameters: &[],
    reads: &[own(KEYS)],
    severity: Severity::Critical,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const KEYS: Path =
    path("supplementaryConfiguration.GetAccountSummary.SummaryMap.AccountAccessKeysPresent");

fn check<'a>(account: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let keys = account.integer(KEYS)?;
    if keys != Some(0) {
        return Ok(Evaluation::non_compliant(KEYS, keys, 0));
    }
    Ok(Evaluation::compliant(KEYS, keys))
}
