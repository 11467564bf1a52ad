//! Without an endpoint calls to the service leave the VPC for the internet, or need a way there.
//!
//! ## Result
//! - COMPLIANT: the VPC has an available endpoint for the service that `serviceName` names.
//! - NON_COMPLIANT: it has none.
//! - INSUFFICIENT_DATA: nothing says whether there are endpoints, one was not read, or
//!   `serviceName` is not given.
//!
//! `serviceName` is what follows the Region in the service's name, such as `ec2` or `ecr.api`, or
//! the whole name. AWS leaves open whether an endpoint that is not yet or no longer available
//! counts; it doesn't.
//!
//! ## What to do
//! Make an endpoint for the service: a gateway endpoint for S3 and DynamoDB costs nothing, an
//! interface endpoint is paid by the hour and zone.
//!
//! ## Source
//! AWS Config developer guide, managed rule `service-vpc-endpoint-enabled`.

use crate::predicates::{endpoints, lists};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "service-vpc-endpoint-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "VPCs have an endpoint for the service that is asked for",
    resource_types: &[ResourceType::Ec2Vpc],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: SERVICE_NAME,
        kind: Kind::Text,
        default: None,
    }],
    reads: &[Read::Other(endpoints::OF_VPC)],
    severity: Severity::Medium,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Automation("ASR-AttachServiceVPCEndpoint"),
    check,
};

const SERVICE_NAME: &str = "serviceName";

fn check<'a>(vpc: &ConfigurationItem<'a>, params: &Params, context: &Context<'a>) -> Verdict<'a> {
    let name = params.text(SERVICE_NAME)?;
    let services = endpoints::services(vpc, context)?;
    let is_wanted = |service: &&&str| endpoints::is_named(service, name, vpc.aws_region());
    let Some(service) = services.iter().find(is_wanted) else {
        let found = lists::shown(&services);
        let expected = format!("an available endpoint for {name}");
        return Ok(Evaluation::non_compliant(
            endpoints::SERVICE,
            found,
            expected,
        ));
    };
    Ok(Evaluation::compliant(endpoints::SERVICE, *service))
}
