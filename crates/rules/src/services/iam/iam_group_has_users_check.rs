//! A group without users is a set of permissions that waits for somebody to be added by mistake.
//!
//! ## Result
//! - COMPLIANT: the group contains at least one user.
//! - NON_COMPLIANT: it contains none.
//! - INSUFFICIENT_DATA: the group's users were not read.
//!
//! ## What to do
//! Delete the group, or add the users that it is for.
//!
//! ## Source
//! AWS Config developer guide, managed rule `iam-group-has-users-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "iam-group-has-users-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "IAM groups contain users",
    resource_types: &[ResourceType::IamGroup],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(RELATED)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Automation("AWSConfigRemediation-DeleteUnusedIAMGroup"),
    check,
};

const RELATED: Path = path("relationships[*].resourceType");

fn check<'a>(group: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let user = ResourceType::IamUser.as_str();
    let related = group.each(RELATED)?;
    if !related.iter().any(|node| node.as_text() == Some(user)) {
        return Ok(Evaluation::non_compliant(RELATED, "free of users", user));
    }
    Ok(Evaluation::compliant(RELATED, user))
}
