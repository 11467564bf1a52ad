//! Redis before version 6 has no users: without a token, whoever reaches a node reads and writes
//! everything.
//!
//! ## Result
//! - COMPLIANT: the replication group asks for a token.
//! - NON_COMPLIANT: it doesn't, and a node of it runs a version below 6.
//! - NOT_APPLICABLE: it doesn't, and all its nodes run version 6 or newer, which have access
//!   control lists and which the guide doesn't fail.
//! - INSUFFICIENT_DATA: the group was not read, or its nodes and their versions are not known.
//!
//! ## What to do
//! Upgrade to a version with access control lists and make users; or set a token, for which the
//! group has to be encrypted in transit. Give the token to the clients first.
//!
//! ## Source
//! AWS Config developer guide, managed rule `elasticache-repl-grp-redis-auth-enabled`.

use crate::predicates::unread;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "elasticache-repl-grp-redis-auth-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "ElastiCache replication groups of old Redis ask for a token",
    resource_types: &[ResourceType::ElastiCacheReplicationGroup],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(TOKEN), own(GROUP), Read::Other(NODES)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const TOKEN: Path = path("configuration.AuthTokenEnabled");
/// Of a group its own id, of a node the group that it is in.
const GROUP: Path = path("configuration.ReplicationGroupId");
const VERSION: Path = path("configuration.EngineVersion");

const NODES: Other = other(
    ResourceType::ElastiCacheCacheCluster,
    By::Value(GROUP),
    &[GROUP, VERSION],
);

/// The first version with access control lists.
const LISTS_SINCE: u32 = 6;

fn check<'a>(group: &ConfigurationItem<'a>, _: &Params, context: &Context<'a>) -> Verdict<'a> {
    let token = group.boolean(TOKEN)?;
    if token == Some(true) {
        return Ok(Evaluation::compliant(TOKEN, token));
    }
    let id = group
        .text(GROUP)?
        .ok_or_else(|| unread::not_collected(GROUP))?;
    let nodes = context.matching(group, &NODES, id)?;
    if nodes.is_empty() {
        return Err(NODES.not_recorded());
    }
    for node in nodes {
        let version = node
            .text(VERSION)?
            .ok_or_else(|| unread::not_collected(VERSION))?;
        let major = version.split('.').next().and_then(|it| it.parse().ok());
        let major: u32 = major
            .ok_or_else(|| unread::malformed(VERSION, version, "a version such as 5.0.6 or 6.x"))?;
        if major < LISTS_SINCE {
            let expected = format!("true, since a node runs {version}");
            return Ok(Evaluation::non_compliant(TOKEN, token, expected));
        }
    }
    let because = "its nodes run versions with access control lists";
    Ok(Evaluation::not_applicable(TOKEN, token, because))
}
