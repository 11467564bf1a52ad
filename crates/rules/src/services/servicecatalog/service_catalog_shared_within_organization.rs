//! A portfolio that is shared account by account stays shared when an account leaves the
//! organization.
//!
//! ## Result
//! - COMPLIANT: no share of the portfolio is of type `ACCOUNT`; a portfolio that is shared with
//!   nobody has none.
//! - NON_COMPLIANT: a share is of type `ACCOUNT`, or of none that is within the organization.
//! - INSUFFICIENT_DATA: the portfolio's shares were not read.
//!
//! ## What to do
//! Enable sharing with Organizations in Service Catalog, share the portfolio with the organization,
//! a unit or a member account, then delete the share of type `ACCOUNT`.
//!
//! ## Source
//! AWS Config developer guide, managed rule `service-catalog-shared-within-organization`.

use crate::predicates::unread::text;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "service-catalog-shared-within-organization",
    identifier: Identifier::FromId,
    version: 1,
    title: "Service Catalog portfolios are shared within the organization only",
    resource_types: &[ResourceType::ServiceCatalogPortfolio],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(SHARES)],
    severity: Severity::High,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const SHARES: Path =
    path("supplementaryConfiguration.DescribePortfolioShares.PortfolioShareDetails");
const SHARE_TYPES: Path =
    path("supplementaryConfiguration.DescribePortfolioShares.PortfolioShareDetails[*].Type");
/// The types of shares that an account loses with its membership.
const WITHIN: [&str; 3] = [
    "ORGANIZATION",
    "ORGANIZATIONAL_UNIT",
    "ORGANIZATION_MEMBER_ACCOUNT",
];

fn check<'a>(portfolio: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    for share in portfolio.list(SHARES)? {
        let kind = text(SHARES, *share, "Type")?;
        if !kind.is_some_and(|kind| WITHIN.contains(&kind)) {
            let expected = "a share with the organization or a part of it";
            return Ok(Evaluation::non_compliant(SHARE_TYPES, kind, expected));
        }
    }
    Ok(Evaluation::compliant(
        SHARE_TYPES,
        "free of shares with single accounts",
    ))
}
