//! A public document shows every AWS account what is in it: names, commands, sometimes secrets.
//!
//! ## Result
//! - COMPLIANT: the document is shared with nobody, or with accounts by their number only.
//! - NON_COMPLIANT: the document is shared with all accounts.
//! - INSUFFICIENT_DATA: the document's permissions were not read. Only a document's owner may read
//!   them, so that other owners' documents are never judged by guess.
//!
//! ## What to do
//! Take the permission for all accounts away, and block public sharing of documents in the Region's
//! Systems Manager settings.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ssm-document-not-public`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ssm-document-not-public",
    identifier: Identifier::FromId,
    version: 1,
    title: "SSM documents of the account are not public",
    resource_types: &[ResourceType::SsmDocument],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ACCOUNTS)],
    severity: Severity::Critical,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const ACCOUNTS: Path = path("supplementaryConfiguration.DescribeDocumentPermission.AccountIds[*]");

fn check<'a>(document: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let accounts = document.each(ACCOUNTS)?;
    let everybody = accounts.iter().find(|account| {
        account
            .as_text()
            .is_some_and(|account| account.eq_ignore_ascii_case("all"))
    });
    if let Some(everybody) = everybody {
        return Ok(Evaluation::non_compliant(
            ACCOUNTS,
            *everybody,
            "accounts by their number",
        ));
    }
    Ok(Evaluation::compliant(ACCOUNTS, "not all accounts"))
}
