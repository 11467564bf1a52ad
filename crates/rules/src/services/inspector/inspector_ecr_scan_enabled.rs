//! What is wrong with an image becomes known after it was pushed; only who scans again hears of it.
//!
//! ## Result
//! - COMPLIANT: Amazon Inspector's scan of container images in ECR is `ENABLED` in this account and
//!   Region.
//! - NON_COMPLIANT: it is in any other state, such as `DISABLED` or `SUSPENDED`, or Inspector names
//!   none.
//! - INSUFFICIENT_DATA: the account's state was not read.
//!
//! The page speaks of environments with several accounts; here each account is judged by its own
//! state.
//!
//! ## What to do
//! Activate Inspector's ECR scanning in each Region, from the delegated administrator for all
//! accounts of an organization. It is billed by what it scans.
//!
//! ## Source
//! AWS Config developer guide, managed rule `inspector-ecr-scan-enabled`; Inspector API reference,
//! `BatchGetAccountStatus`.

use crate::predicates::inspector_scan;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "inspector-ecr-scan-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Inspector scans container images",
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
    inspector_scan::judge(account, "ecr")
}
