//! A primary node with a public address offers the cluster's consoles and SSH to the internet, but
//! for its security group.
//!
//! ## Result
//! - COMPLIANT: no primary node of the cluster has a public address.
//! - NON_COMPLIANT: one does.
//! - NOT_APPLICABLE: the cluster is neither `RUNNING` nor `WAITING`.
//! - INSUFFICIENT_DATA: the cluster's state or its nodes were not read, or no primary node is
//!   among them. AWS looks at EC2 instances; here EMR's own list of nodes tells their addresses.
//!
//! ## What to do
//! Start a new cluster in a private subnet, with endpoints or a NAT gateway for what it needs. A
//! cluster cannot be moved.
//!
//! ## Source
//! AWS Config developer guide, managed rule `emr-master-no-public-ip`.

use crate::predicates::unread::{not_collected, text};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "emr-master-no-public-ip",
    identifier: Identifier::FromId,
    version: 1,
    title: "Primary nodes of EMR clusters have no public address",
    resource_types: &[ResourceType::EmrCluster],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[
        own(STATE),
        own(COLLECTION),
        own(GROUPS),
        own(FLEETS),
        own(INSTANCES),
    ],
    severity: Severity::High,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const STATE: Path = path("configuration.Status.State");
const COLLECTION: Path = path("configuration.InstanceCollectionType");
const GROUPS: Path = path("supplementaryConfiguration.ListInstanceGroups.InstanceGroups");
const FLEETS: Path = path("supplementaryConfiguration.ListInstanceFleets.InstanceFleets");
const INSTANCES: Path = path("supplementaryConfiguration.ListInstances.Instances");

fn check<'a>(cluster: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let state = cluster.text(STATE)?;
    if !matches!(state, Some("RUNNING" | "WAITING")) {
        let because = "only running and waiting clusters are judged";
        return Ok(Evaluation::not_applicable(STATE, state, because));
    }
    let (place, collections, kind, member) = match cluster.text(COLLECTION)? {
        Some("INSTANCE_FLEET") => (
            FLEETS,
            cluster.list(FLEETS)?,
            "InstanceFleetType",
            "InstanceFleetId",
        ),
        _ => (
            GROUPS,
            cluster.list(GROUPS)?,
            "InstanceGroupType",
            "InstanceGroupId",
        ),
    };
    let mut primary = Vec::new();
    for collection in collections {
        if text(place, *collection, kind)? == Some("MASTER") {
            primary.extend(text(place, *collection, "Id")?);
        }
    }
    let mut found_one = false;
    for instance in cluster.list(INSTANCES)? {
        let id = text(INSTANCES, *instance, member)?;
        if !id.is_some_and(|id| primary.contains(&id)) {
            continue;
        }
        let status = instance
            .get("Status")
            .and_then(|status| status.text("State"));
        if status == Some("TERMINATED") {
            continue;
        }
        found_one = true;
        let address = text(INSTANCES, *instance, "PublicIpAddress")?;
        if address.is_some_and(|address| !address.is_empty()) {
            return Ok(Evaluation::non_compliant(
                INSTANCES,
                address,
                "no public address",
            ));
        }
    }
    if !found_one {
        // A cluster that runs has a primary node: the list is incomplete.
        return Err(not_collected(INSTANCES));
    }
    Ok(Evaluation::compliant(INSTANCES, "no public address"))
}
