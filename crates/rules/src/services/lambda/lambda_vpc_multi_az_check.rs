//! A function whose subnets are all in one Availability Zone fails with that zone.
//!
//! ## Result
//! - COMPLIANT: the function's subnets are in two Availability Zones or more; in as many as
//!   `availabilityZones` says, where that is more.
//! - NON_COMPLIANT: they are in fewer.
//! - NOT_APPLICABLE: the function is in no VPC: AWS places it.
//! - INSUFFICIENT_DATA: the function's subnets were not read, or nothing says in which zones they
//!   are.
//!
//! ## What to do
//! Give the function a subnet in another Availability Zone, with the same routes as those that it
//! has.
//!
//! ## Source
//! AWS Config developer guide, managed rule `lambda-vpc-multi-az-check`; Security Hub user guide,
//! Lambda.5.

use std::collections::BTreeSet;

use crate::predicates::unread;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "lambda-vpc-multi-az-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Lambda functions in a VPC are in more than one Availability Zone",
    resource_types: &[ResourceType::LambdaFunction],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: ZONES,
        kind: Kind::Integer,
        default: None,
    }],
    reads: &[own(SUBNETS), Read::Other(SUBNET)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Steps,
    check,
};

const SUBNETS: Path = path("configuration.vpcConfig.subnetIds");
const SUBNET_ID: Path = path("configuration.subnetId");
const ZONE: Path = path("configuration.availabilityZone");

const SUBNET: Other = other(ResourceType::Ec2Subnet, By::Value(SUBNET_ID), &[ZONE]);

const ZONES: &str = "availabilityZones";

fn check<'a>(
    function: &ConfigurationItem<'a>,
    params: &Params,
    context: &Context<'a>,
) -> Verdict<'a> {
    let subnets = function.list(SUBNETS)?;
    if subnets.is_empty() {
        let because = "the function is in no VPC";
        return Ok(Evaluation::not_applicable(SUBNETS, "empty", because));
    }
    let mut zones = BTreeSet::new();
    let mut is_zone_missing = false;
    for subnet in subnets {
        let Some(id) = subnet.as_text() else {
            return Err(unread::malformed(
                SUBNETS,
                subnet.kind(),
                "a list of strings",
            ));
        };
        let found = context.matching(function, &SUBNET, id)?;
        let zone = match found.first() {
            Some(subnet) => subnet.text(ZONE)?,
            None => None,
        };
        is_zone_missing |= zone.is_none();
        zones.extend(zone);
    }
    // One zone is never enough, whatever the parameter says.
    let wanted = params.optional_integer(ZONES).unwrap_or(2).max(2);
    let is_enough = i64::try_from(zones.len()).is_ok_and(|count| count >= wanted);
    if !is_enough && is_zone_missing {
        return Err(unread::not_collected(ZONE));
    }
    let shown = zones.into_iter().collect::<Vec<_>>().join(", ");
    if !is_enough {
        let expected = format!("at least {wanted} Availability Zones");
        return Ok(Evaluation::non_compliant(SUBNETS, shown, expected));
    }
    Ok(Evaluation::compliant(SUBNETS, shown))
}
