//! An account outside the organization is outside its guardrails, its billing and its audit.
//!
//! ## Result
//! - COMPLIANT: the account is in an organization; in the one whose management account
//!   `MasterAccountId` names, where it is given.
//! - NON_COMPLIANT: the account is in no organization, or in another one.
//! - INSUFFICIENT_DATA: the organization was not asked for, or the call was refused.
//!
//! ## What to do
//! Invite the account from the management account and accept the invitation. An account that
//! belongs to another organization has to leave that one first.
//!
//! ## Source
//! AWS Config developer guide, managed rule `account-part-of-organizations`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "account-part-of-organizations",
    identifier: Identifier::FromId,
    version: 1,
    title: "The account belongs to an organization",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Global,
    parameters: &[Parameter {
        name: MASTER_ACCOUNT_ID,
        kind: Kind::Text,
        default: None,
    }],
    reads: &[own(ORGANIZATION), own(MANAGEMENT_ACCOUNT)],
    severity: Severity::High,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const ORGANIZATION: Path = path("supplementaryConfiguration.DescribeOrganization.Organization.Id");
const MANAGEMENT_ACCOUNT: Path =
    path("supplementaryConfiguration.DescribeOrganization.Organization.MasterAccountId");

const MASTER_ACCOUNT_ID: &str = "MasterAccountId";

fn check<'a>(account: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let organization = account.text(ORGANIZATION)?;
    if organization.is_none() {
        return Ok(Evaluation::non_compliant(
            ORGANIZATION,
            organization,
            "an organization",
        ));
    }
    if let Some(wanted) = params.optional_text(MASTER_ACCOUNT_ID) {
        let management = account.text(MANAGEMENT_ACCOUNT)?;
        if management != Some(wanted) {
            return Ok(Evaluation::non_compliant(
                MANAGEMENT_ACCOUNT,
                management,
                wanted.to_owned(),
            ));
        }
    }
    Ok(Evaluation::compliant(ORGANIZATION, organization))
}
