//! Inline policies of IAM users, roles and groups.

use posture_model::{ConfigurationItem, Path, ResourceType, path};

/// Where AWS Config records a user's inline policies.
pub const OF_USERS: Path = path("configuration.userPolicyList");
/// Where AWS Config records a role's.
pub const OF_ROLES: Path = path("configuration.rolePolicyList");
/// Where AWS Config records a group's.
pub const OF_GROUPS: Path = path("configuration.groupPolicyList");

/// Where this identity's inline policies are.
pub fn place(identity: &ConfigurationItem<'_>) -> Path {
    match identity.resource_type() {
        Some(ResourceType::IamRole) => OF_ROLES,
        Some(ResourceType::IamGroup) => OF_GROUPS,
        _ => OF_USERS,
    }
}
