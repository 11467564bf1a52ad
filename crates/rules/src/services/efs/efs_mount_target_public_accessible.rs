//! A subnet that hands out public addresses is a public one: a file system that is mounted there is
//! one wrong security group away from the internet.
//!
//! ## Result
//! - COMPLIANT: no mount target of the file system is in a subnet that assigns public addresses; a
//!   file system without mount targets can't be reached at all.
//! - NON_COMPLIANT: one is: `mapPublicIpOnLaunch` of its subnet is `true`.
//! - INSUFFICIENT_DATA: the mount targets were not read, or a subnet of theirs is not known.
//!
//! ## What to do
//! Make a mount target in a private subnet of the same Availability Zone and let clients mount
//! there, once the one in the public subnet is deleted: there is one for each zone. Or let the
//! subnet assign no public addresses.
//!
//! ## Source
//! AWS Config developer guide, managed rule `efs-mount-target-public-accessible`.

use crate::evaluation::Place;
use crate::predicates::unread;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "efs-mount-target-public-accessible",
    identifier: Identifier::FromId,
    version: 1,
    title: "EFS mount targets are in no public subnet",
    resource_types: &[ResourceType::EfsFileSystem],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(TARGETS), Read::Other(SUBNETS)],
    severity: Severity::Medium,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const TARGETS: Path = path("supplementaryConfiguration.DescribeMountTargets.MountTargets");
const TARGET: Path = path("supplementaryConfiguration.DescribeMountTargets.MountTargets[*]");
const SUBNET: Path = path("configuration.subnetId");
const ASSIGNS: Path = path("configuration.mapPublicIpOnLaunch");

const SUBNETS: Other = other(
    ResourceType::Ec2Subnet,
    By::Value(SUBNET),
    &[SUBNET, ASSIGNS],
);

fn check<'a>(
    file_system: &ConfigurationItem<'a>,
    _: &Params,
    context: &Context<'a>,
) -> Verdict<'a> {
    let targets = unread::recorded_list(file_system, TARGETS)?;
    for (index, target) in targets.iter().enumerate() {
        let id = unread::text(TARGETS, *target, "SubnetId")?;
        let id = id.ok_or_else(|| unread::not_collected(TARGETS))?;
        let subnets = context.matching(file_system, &SUBNETS, id)?;
        if subnets.is_empty() {
            return Err(SUBNETS.not_recorded());
        }
        for subnet in subnets {
            if unread::recorded_boolean(subnet, ASSIGNS)? {
                let place = Place::element(TARGET, index);
                let expected = "a subnet that assigns no public addresses";
                return Ok(Evaluation::non_compliant(place, id, expected));
            }
        }
    }
    let found = "in no subnet that assigns public addresses";
    Ok(Evaluation::compliant(TARGETS, found))
}
