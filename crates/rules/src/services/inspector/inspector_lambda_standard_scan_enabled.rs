//! A function brings along the libraries of the day it was deployed.
//!
//! ## Result
//! - COMPLIANT: Amazon Inspector's scan of Lambda functions is `ENABLED` in this account and
//!   Region.
//! - NON_COMPLIANT: it is in any other state, such as `DISABLED` or `SUSPENDED`, or Inspector names
//!   none.
//! - INSUFFICIENT_DATA: the account's state was not read.
//!
//! The page speaks of environments with several accounts; here each account is judged by its own
//! state.
//!
//! ## What to do
//! Activate Inspector's Lambda standard scanning in each Region, from the delegated administrator
//! for all accounts of an organization. It is billed by what it scans.
//!
//! ## Source
//! AWS Config developer guide, managed rule `inspector-lambda-standard-scan-enabled`; Inspector API
//! reference, `BatchGetAccountStatus`.

use crate::predicates::inspector_scan;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "inspector-lambda-standard-scan-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Inspector scans the libraries of Lambda functions",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(inspector_scan::ACCOUNTS)],
    severity: Severity::High,
    category: Category::DetectionServices,
    remedy: Remedy::Steps,
    check,
};

fn check<'a>(account: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    inspector_scan::judge(account, "lambda")
}
