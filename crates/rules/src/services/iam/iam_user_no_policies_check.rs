//! Permissions that hang on single users are the ones that nobody takes away again.
//!
//! ## Result
//! - COMPLIANT: the user has neither an inline nor an attached managed policy.
//! - NON_COMPLIANT: it has one of either.
//! - INSUFFICIENT_DATA: the user's policies were not read.
//!
//! ## What to do
//! Move each policy to a group or a role and remove it from the user. A permissions boundary gives
//! nothing and may stay.
//!
//! ## Source
//! AWS Config developer guide, managed rule `iam-user-no-policies-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "iam-user-no-policies-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "IAM users have their permissions from groups and roles",
    resource_types: &[ResourceType::IamUser],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(INLINE), own(ATTACHED)],
    severity: Severity::Low,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Automation("AWSConfigRemediation-RemoveUserPolicies"),
    check,
};

const INLINE: Path = path("configuration.userPolicyList");
const ATTACHED: Path = path("configuration.attachedManagedPolicies");

fn check<'a>(user: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    for place in [INLINE, ATTACHED] {
        if let Some(policy) = user.list(place)?.first() {
            let name = policy.text("policyName");
            return Ok(Evaluation::non_compliant(place, name, "empty"));
        }
    }
    Ok(Evaluation::compliant(ATTACHED, "empty"))
}
