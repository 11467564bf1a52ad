//! A route for every address to an internet gateway makes each subnet of the table a public one.
//!
//! ## Result
//! - COMPLIANT: no route to an internet gateway is for every IPv4 or IPv6 address, or
//!   `routeTableIds` names the table.
//! - NON_COMPLIANT: a route for `0.0.0.0/0` or `::/0` leads to an internet gateway.
//! - INSUFFICIENT_DATA: the route table was not read.
//!
//! ## What to do
//! Give private subnets a table that leads to a NAT gateway or to no internet at all, and name the
//! tables of public subnets in the parameter.
//!
//! ## Source
//! AWS Config developer guide, managed rule `no-unrestricted-route-to-igw`.

use crate::predicates::lists;
use crate::predicates::ports;
use crate::predicates::unread::{recorded_list, text};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "no-unrestricted-route-to-igw",
    identifier: Identifier::FromId,
    version: 1,
    title: "Route tables lead to internet gateways only where that is meant",
    resource_types: &[ResourceType::Ec2RouteTable],
    trigger: Trigger::ConfigurationChangeAndPeriodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: ALLOWED,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(ID), own(ROUTES)],
    severity: Severity::Medium,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const ID: Path = path("configuration.routeTableId");
const ROUTES: Path = path("configuration.routes");

const ALLOWED: &str = "routeTableIds";

fn check<'a>(table: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let allowed = params.list(ALLOWED);
    if !allowed.is_empty() {
        let id = table.text(ID)?;
        if lists::names(allowed, id) {
            return Ok(Evaluation::compliant(ID, id));
        }
    }
    for route in recorded_list(table, ROUTES)? {
        let gateway = text(ROUTES, *route, "gatewayId")?;
        let to_internet = gateway.is_some_and(|gateway| gateway.starts_with("igw-"));
        let blocks = [
            text(ROUTES, *route, "destinationCidrBlock")?,
            text(ROUTES, *route, "destinationIpv6CidrBlock")?,
        ];
        let for_everywhere = blocks.into_iter().flatten().any(ports::is_anywhere);
        if to_internet && for_everywhere {
            let expected = "no route for every address to an internet gateway";
            return Ok(Evaluation::non_compliant(ROUTES, *route, expected));
        }
    }
    Ok(Evaluation::compliant(
        ROUTES,
        "without a route for every address to an internet gateway",
    ))
}
