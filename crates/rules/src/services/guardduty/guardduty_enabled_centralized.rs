//! GuardDuty reads the account's logs for signs of an intruder; where its findings lie in the
//! account itself, the intruder can archive them.
//!
//! ## Result
//! - COMPLIANT: a detector is on in this Region; and one of the accounts of
//!   `CentralMonitoringAccount` administers it, or is this account, where that is given.
//! - NON_COMPLIANT: there is no detector, it is suspended, or another account or none administers
//!   it.
//! - INSUFFICIENT_DATA: the detectors, or who administers them, were not read.
//!
//! AWS does not say what holds for the central account itself; its own findings lie in the central
//! account, so it passes.
//!
//! ## What to do
//! Enable GuardDuty in every Region from the organization's delegated administrator, and let new
//! accounts join by themselves.
//!
//! ## Source
//! AWS Config developer guide, managed rule `guardduty-enabled-centralized`.

use crate::evaluation::Shown;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "guardduty-enabled-centralized",
    identifier: Identifier::FromId,
    version: 1,
    title: "GuardDuty is on in the account and Region",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: CENTRAL_ACCOUNTS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[Read::Other(DETECTORS)],
    severity: Severity::High,
    category: Category::DetectionServices,
    remedy: Remedy::Automation("AWSConfigRemediation-CreateGuardDutyDetector"),
    check,
};

const ENABLE: Path = path("configuration.Enable");
const ADMINISTRATOR: Path =
    path("supplementaryConfiguration.GetAdministratorAccount.Administrator.AccountId");
const RELATIONSHIP: Path =
    path("supplementaryConfiguration.GetAdministratorAccount.Administrator.RelationshipStatus");
const DETECTORS: Other = other(
    ResourceType::GuardDutyDetector,
    By::Type,
    &[ENABLE, ADMINISTRATOR, RELATIONSHIP],
);

const CENTRAL_ACCOUNTS: &str = "CentralMonitoringAccount";

fn check<'a>(
    account: &ConfigurationItem<'a>,
    params: &Params,
    context: &Context<'a>,
) -> Verdict<'a> {
    let detectors = context.all(account, &DETECTORS)?;
    // A Region has one detector at most.
    let Some(detector) = detectors.first() else {
        return Ok(Evaluation::non_compliant(ENABLE, Shown::Nothing, true));
    };
    let enable = detector.boolean(ENABLE)?;
    if enable != Some(true) {
        return Ok(Evaluation::non_compliant(ENABLE, enable, true));
    }
    let central = params.list(CENTRAL_ACCOUNTS);
    let is_central = |id: &str| central.iter().any(|wanted| wanted == id);
    if central.is_empty() || is_central(account.account_id()) {
        return Ok(Evaluation::compliant(ENABLE, enable));
    }
    let administrator = detector.text(ADMINISTRATOR)?;
    if !administrator.is_some_and(is_central) {
        return Ok(Evaluation::non_compliant(
            ADMINISTRATOR,
            administrator,
            central.join(" or "),
        ));
    }
    let relationship = detector.text(RELATIONSHIP)?;
    if relationship != Some("Enabled") {
        return Ok(Evaluation::non_compliant(
            RELATIONSHIP,
            relationship,
            "Enabled",
        ));
    }
    Ok(Evaluation::compliant(ADMINISTRATOR, administrator))
}
