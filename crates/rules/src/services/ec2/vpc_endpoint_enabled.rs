//! Without an endpoint calls to the service leave the VPC for the internet, or need a way there.
//!
//! ## Result
//! - COMPLIANT: the VPC has an available endpoint for each service that `serviceNames` names, or
//!   for the service's FIPS version.
//! - NON_COMPLIANT: a service has none; the first is named.
//! - NOT_APPLICABLE: `vpcIds` is given and doesn't name the VPC.
//! - INSUFFICIENT_DATA: nothing says whether there are endpoints, one was not read, `serviceNames`
//!   is not given, or `scopeConfigResourceTypes` is: resources of types that only a parameter
//!   names can't be looked up.
//!
//! A service's name is what follows the Region in it, such as `ec2` or `ecr.api`, or the whole
//! name; its FIPS version has the same with `-fips` behind it. AWS leaves open whether an endpoint
//! that is not yet or no longer available counts; it doesn't.
//!
//! ## What to do
//! Make an endpoint for the service: a gateway endpoint for S3 and DynamoDB costs nothing, an
//! interface endpoint is paid by the hour and zone.
//!
//! ## Source
//! AWS Config developer guide, managed rule `vpc-endpoint-enabled`.

use crate::predicates::{endpoints, lists, parameter};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "vpc-endpoint-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "VPCs have an endpoint for each service that is asked for",
    resource_types: &[ResourceType::Ec2Vpc],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: SERVICE_NAMES,
            kind: Kind::List,
            default: None,
        },
        Parameter {
            name: VPC_IDS,
            kind: Kind::List,
            default: None,
        },
        Parameter {
            name: SCOPE,
            kind: Kind::List,
            default: None,
        },
    ],
    reads: &[Read::Other(endpoints::OF_VPC)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const ID: Path = path("configuration.vpcId");

const SERVICE_NAMES: &str = "serviceNames";
const VPC_IDS: &str = "vpcIds";
const SCOPE: &str = "scopeConfigResourceTypes";

fn check<'a>(vpc: &ConfigurationItem<'a>, params: &Params, context: &Context<'a>) -> Verdict<'a> {
    let names = params.required_list(SERVICE_NAMES)?;
    if !params.list(SCOPE).is_empty() {
        let message = "can't be looked up; leave it out to judge every VPC".to_owned();
        return Err(parameter::invalid(SCOPE, message));
    }
    let id = vpc.resource_id();
    if !lists::allows(params.list(VPC_IDS), id) {
        let because = "vpcIds doesn't name the VPC";
        return Ok(Evaluation::not_applicable(ID, id, because));
    }
    let services = endpoints::services(vpc, context)?;
    let found = lists::shown(&services);
    let is_there = |name: &str| {
        let fips = format!("{name}-fips");
        let mut names = [name, &fips].into_iter();
        names.any(|name| {
            let mut services = services.iter();
            services.any(|service| endpoints::is_named(service, name, vpc.aws_region()))
        })
    };
    if let Some(missing) = names.iter().find(|name| !is_there(name)) {
        let expected = format!("an available endpoint for {missing}");
        return Ok(Evaluation::non_compliant(
            endpoints::SERVICE,
            found,
            expected,
        ));
    }
    Ok(Evaluation::compliant(endpoints::SERVICE, found))
}
