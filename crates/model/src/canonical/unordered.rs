//! Lists that AWS answers in any order.

/// The members whose lists are sets: two answers may differ in order and mean the same.
///
/// Only what the API references document as unordered, or what has no order by its meaning (groups,
/// subnets, tags, grants). Everything else keeps its order: of commands, layers, stages, cache
/// behaviours and origins it is a part of the configuration. Letters' case doesn't count.
pub const NAMES: &[&str] = &[
    "aliases",
    "associatedRoles",
    "attachedManagedPolicies",
    "attachments",
    "availabilityZones",
    "blockDeviceMappings",
    "dbParameterGroups",
    "dbSecurityGroups",
    "dbSubnetGroups",
    "enabledCloudwatchLogsExports",
    "enabledMetrics",
    "grantList",
    "groupIds",
    "groupList",
    "groupNames",
    "groups",
    "groupSet",
    "instanceProfileList",
    "instances",
    "ipPermissions",
    "ipPermissionsEgress",
    "ipRanges",
    "ipv4Ranges",
    "ipv6CidrBlockAssociationSet",
    "ipv6Ranges",
    "loadBalancerNames",
    "managedPolicyArns",
    "networkInterfaces",
    "optionGroupMemberships",
    "prefixListIds",
    "propagatingVgws",
    "readReplicaDBInstanceIdentifiers",
    "replicaRegions",
    "rolePolicyList",
    "roles",
    "securityGroupIds",
    "securityGroups",
    "subnetIds",
    "subnets",
    "suspendedProcesses",
    "tagList",
    "tags",
    "tagSet",
    "targetGroupARNs",
    "userIdGroupPairs",
    "userPolicyList",
    "vpcSecurityGroups",
    "vpcZoneIdentifiers",
];

/// Whether the list in the member of this name is a set.
pub(super) fn is_set(name: &str) -> bool {
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}
