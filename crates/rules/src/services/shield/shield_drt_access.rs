//! The Shield Response Team can only help during an attack where it was let in before the attack.
//!
//! ## Result
//! - COMPLIANT: the account is subscribed to Shield Advanced and names a role for the response
//!   team.
//! - NON_COMPLIANT: it is subscribed and names no role.
//! - NOT_APPLICABLE: the account is not subscribed to Shield Advanced: there is nothing to let
//!   anybody in to.
//! - INSUFFICIENT_DATA: the subscription or the role was not read.
//!
//! ## What to do
//! Create a role that trusts `drt.shield.amazonaws.com` and has AWSShieldDRTAccessPolicy, and
//! associate it with the subscription. The response team needs a Business or Enterprise support
//! plan.
//!
//! ## Source
//! AWS Config developer guide, managed rule `shield-drt-access`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "shield-drt-access",
    identifier: Identifier::FromId,
    version: 1,
    title: "Shield Advanced's response team has a role in the account",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Global,
    parameters: &[],
    reads: &[own(SUBSCRIPTION), own(ROLE)],
    severity: Severity::Medium,
    category: Category::ProtectiveServices,
    remedy: Remedy::Steps,
    check,
};

const SUBSCRIPTION: Path =
    path("supplementaryConfiguration.GetSubscriptionState.SubscriptionState");
const ROLE: Path = path("supplementaryConfiguration.DescribeDRTAccess.RoleArn");

fn check<'a>(account: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let subscription = account.text(SUBSCRIPTION)?;
    if subscription != Some("ACTIVE") {
        let because = "the account is not subscribed to Shield Advanced";
        return Ok(Evaluation::not_applicable(
            SUBSCRIPTION,
            subscription,
            because,
        ));
    }
    let role = account.text(ROLE)?;
    if role.is_none_or(str::is_empty) {
        return Ok(Evaluation::non_compliant(ROLE, role, "a role"));
    }
    Ok(Evaluation::compliant(ROLE, role))
}
