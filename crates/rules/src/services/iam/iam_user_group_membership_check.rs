//! Permissions that come from groups can be read, reviewed and changed in one place.
//!
//! ## Result
//! - COMPLIANT: the user is in at least one group; in every group of `groupNames`, where that is
//!   given.
//! - NON_COMPLIANT: the user is in no group, or not in one that is named.
//! - INSUFFICIENT_DATA: the user's groups were not read.
//!
//! AWS does not say whether one of the named groups would do; this takes the stricter reading.
//!
//! ## What to do
//! Add the user to the group whose permissions it needs, and remove the permissions that it has
//! itself.
//!
//! ## Source
//! AWS Config developer guide, managed rule `iam-user-group-membership-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "iam-user-group-membership-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "IAM users are in groups",
    resource_types: &[ResourceType::IamUser],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: GROUP_NAMES,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(GROUPS)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const GROUPS: Path = path("configuration.groupList");

const GROUP_NAMES: &str = "groupNames";

fn check<'a>(user: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let groups: Vec<&str> = user
        .list(GROUPS)?
        .iter()
        .filter_map(|group| group.as_text())
        .collect();
    if groups.is_empty() {
        return Ok(Evaluation::non_compliant(GROUPS, "empty", "a group"));
    }
    let found = groups.join(", ");
    for wanted in params.list(GROUP_NAMES) {
        if !groups.contains(&wanted.as_str()) {
            return Ok(Evaluation::non_compliant(GROUPS, found, wanted.clone()));
        }
    }
    Ok(Evaluation::compliant(GROUPS, found))
}
