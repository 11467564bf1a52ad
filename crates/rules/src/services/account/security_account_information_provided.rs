//! Without a security contact, AWS's warnings of a compromised account go to whoever reads the root
//! user's mail.
//!
//! ## Result
//! - COMPLIANT: the account names an alternate contact for security.
//! - NON_COMPLIANT: it names none.
//! - INSUFFICIENT_DATA: the contact was not asked for, or the call was refused.
//!
//! ## What to do
//! Set the alternate contact for security: a shared mailbox that is read, not a person's. In an
//! organization the management account can set it for all members.
//!
//! ## Source
//! AWS Config developer guide, managed rule `security-account-information-provided`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "security-account-information-provided",
    identifier: Identifier::FromId,
    version: 1,
    title: "The account names a security contact",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Global,
    parameters: &[],
    reads: &[own(EMAIL)],
    severity: Severity::Medium,
    category: Category::ResourceConfiguration,
    remedy: Remedy::Steps,
    check,
};

const EMAIL: Path =
    path("supplementaryConfiguration.GetAlternateContact.AlternateContact.EmailAddress");

fn check<'a>(account: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let email = account.text(EMAIL)?;
    if email.is_none_or(str::is_empty) {
        return Ok(Evaluation::non_compliant(
            EMAIL,
            email,
            "a security contact",
        ));
    }
    // Not the address itself: results travel further than contact data may.
    Ok(Evaluation::compliant(EMAIL, "set"))
}
