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

use crate::predicates::unread::malformed;
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
    remedy: Remedy::Automation("ASR-BlockSSMDocumentPublicAccess"),
    check,
};

const ACCOUNTS: Path = path("supplementaryConfiguration.DescribeDocumentPermission.AccountIds[*]");

fn check<'a>(document: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    for account in document.each(ACCOUNTS)? {
        let Some(id) = account.as_text() else {
            return Err(malformed(ACCOUNTS, account.kind(), "numbers of accounts"));
        };
        if id.eq_ignore_ascii_case("all") {
            let expected = "accounts by their number";
            return Ok(Evaluation::non_compliant(ACCOUNTS, id, expected));
        }
    }
    Ok(Evaluation::compliant(ACCOUNTS, "not all accounts"))
}
