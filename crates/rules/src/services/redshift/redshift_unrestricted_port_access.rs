//! A port that answers the whole internet is found within minutes, and only the password is left
//! before the data.
//!
//! ## Result
//! - COMPLIANT: no security group of the cluster lets every IPv4 or IPv6 address in on the cluster's
//!   port.
//! - NON_COMPLIANT: one lets `0.0.0.0/0` or `::/0` in on it; the first is named. Whether the cluster
//!   has a public address does not matter.
//! - INSUFFICIENT_DATA: the cluster has no port yet, or its security groups or their rules were not
//!   read.
//!
//! ## What to do
//! Name in the security group the addresses or the security groups that need the cluster's port.
//!
//! ## Source
//! AWS Config developer guide, managed rule `redshift-unrestricted-port-access`; Security Hub user
//! guide, control Redshift.15, for what counts as unrestricted.

use crate::predicates::ports;
use crate::predicates::unread::{not_collected, recorded_list, text};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "redshift-unrestricted-port-access",
    identifier: Identifier::FromId,
    version: 1,
    title: "Redshift clusters let nobody in on their port from everywhere",
    resource_types: &[ResourceType::RedshiftCluster],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(PORT), own(GROUPS), Read::Other(SECURITY_GROUPS)],
    severity: Severity::High,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const PORT: Path = path("configuration.endpoint.port");
const GROUPS: Path = path("configuration.vpcSecurityGroups");
const GROUP: Path = path("configuration.groupId");
const PERMISSIONS: Path = path("configuration.ipPermissions");
const SECURITY_GROUPS: Other = other(
    ResourceType::Ec2SecurityGroup,
    By::Value(GROUP),
    &[PERMISSIONS],
);

fn check<'a>(cluster: &ConfigurationItem<'a>, _: &Params, at: &Context<'a>) -> Verdict<'a> {
    let port = cluster.integer(PORT)?;
    let port = port.ok_or_else(|| not_collected(PORT))?;
    // Redshift gives every cluster a group.
    let groups = recorded_list(cluster, GROUPS)?;
    if groups.is_empty() {
        return Err(not_collected(GROUPS));
    }
    // One group that is open is enough, whatever the others are.
    let mut unknown = None;
    for group in groups {
        let id = text(GROUPS, *group, "vpcSecurityGroupId")?;
        let id = id.ok_or_else(|| not_collected(GROUPS))?;
        let known = at.matching(cluster, &SECURITY_GROUPS, id)?;
        if known.is_empty() {
            unknown = Some(SECURITY_GROUPS.not_recorded());
        }
        for known in known {
            if let Some(source) = open_to(known, port)? {
                let found = format!("{id} is open to {source} on TCP port {port}");
                let expected = "no access to that port from every address";
                return Ok(Evaluation::non_compliant(GROUPS, found, expected));
            }
        }
    }
    if let Some(unknown) = unknown {
        return Err(unknown);
    }
    let found = format!("closed on TCP port {port} to every address");
    Ok(Evaluation::compliant(GROUPS, found))
}

/// The first source that means every address and that a security group lets in on a port.
fn open_to<'a>(
    group: &ConfigurationItem<'a>,
    port: i64,
) -> Result<Option<&'a str>, InsufficientData> {
    for permission in recorded_list(group, PERMISSIONS)? {
        let traffic = ports::traffic(PERMISSIONS, *permission)?;
        let source = ports::open_source(PERMISSIONS, *permission)?;
        if traffic.tcp_port_of(&(port..=port)).is_some() && source.is_some() {
            return Ok(source);
        }
    }
    Ok(None)
}
