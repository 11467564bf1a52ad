//! An inline policy lives and dies with one identity: it is reviewed nowhere and reused by copying.
//!
//! ## Result
//! - COMPLIANT: the user, role or group has no inline policy.
//! - NON_COMPLIANT: it has at least one.
//! - INSUFFICIENT_DATA: its inline policies were not read.
//!
//! ## What to do
//! Make a managed policy of each inline policy, attach it, and delete the inline one.
//!
//! ## Source
//! AWS Config developer guide, managed rule `iam-no-inline-policy-check`.

use crate::predicates::inline_policy;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "iam-no-inline-policy-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "IAM users, roles and groups have no inline policies",
    resource_types: &[
        ResourceType::IamUser,
        ResourceType::IamRole,
        ResourceType::IamGroup,
    ],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[
        own(inline_policy::OF_USERS),
        own(inline_policy::OF_ROLES),
        own(inline_policy::OF_GROUPS),
    ],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Automation("AWSConfigRemediation-ReplaceIAMInlinePolicy"),
    check,
};

fn check<'a>(identity: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let place = inline_policy::place(identity);
    if let Some(policy) = identity.list(place)?.first() {
        let name = policy.text("policyName");
        return Ok(Evaluation::non_compliant(place, name, "empty"));
    }
    Ok(Evaluation::compliant(place, "empty"))
}
