//! Security Hub gathers an account's findings and checks in one place; where it is off, nobody sees
//! them together.
//!
//! ## Result
//! - COMPLIANT: the account has a hub in this Region.
//! - NON_COMPLIANT: it has none: Security Hub answers that the account is not enabled.
//! - INSUFFICIENT_DATA: the hub was not asked for, or the call was refused.
//!
//! ## What to do
//! Enable Security Hub in this Region, best from the organization's delegated administrator, which
//! also reaches accounts that join later.
//!
//! ## Source
//! AWS Config developer guide, managed rule `securityhub-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "securityhub-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Security Hub is on in the account and Region",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(HUB)],
    severity: Severity::Medium,
    category: Category::DetectionServices,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableSecurityHub"),
    check,
};

const HUB: Path = path("supplementaryConfiguration.DescribeHub.HubArn");

fn check<'a>(account: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let hub = account.text(HUB)?;
    if hub.is_none() {
        return Ok(Evaluation::non_compliant(HUB, hub, "a hub"));
    }
    Ok(Evaluation::compliant(HUB, hub))
}
