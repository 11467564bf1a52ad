//! VPC endpoints and the services that they lead to.
//!
//! Source: EC2 API reference, `VpcEndpoint`; AWS `PrivateLink` guide for the names of services.

use posture_model::{ConfigurationItem, InsufficientData, Path, ResourceType, path};

use crate::context::Context;
use crate::rule::{By, Other, other};

/// The service that an endpoint leads to.
pub const SERVICE: Path = path("configuration.serviceName");

const STATE: Path = path("configuration.state");

/// The endpoints of a VPC.
pub const OF_VPC: Other = other(
    ResourceType::Ec2VpcEndpoint,
    By::Value(path("configuration.vpcId")),
    &[SERVICE, STATE],
);

/// The names of the services that the VPC's available endpoints lead to.
///
/// # Errors
/// Where nothing says whether there are endpoints, or one was not read.
pub fn services<'a>(
    vpc: &ConfigurationItem<'a>,
    context: &Context<'a>,
) -> Result<Vec<&'a str>, InsufficientData> {
    let mut services = Vec::new();
    for endpoint in context.matching(vpc, &OF_VPC, vpc.resource_id())? {
        let state = endpoint.text(STATE)?;
        // The API's model writes the states large, its replies write them small.
        if state.is_some_and(|state| state.eq_ignore_ascii_case("available")) {
            services.extend(endpoint.text(SERVICE)?);
        }
    }
    Ok(services)
}

/// Whether a service is the one that `name` means: its whole name, such as
/// `com.amazonaws.us-east-1.ecr.api`, or what follows the Region in it.
pub fn is_named(service: &str, name: &str, aws_region: &str) -> bool {
    let short = service.split_once(&format!(".{aws_region}."));
    service == name || short.is_some_and(|(_, short)| short == name)
}

#[cfg(test)]
mod tests {
    use super::is_named;

    #[test]
    fn services_go_by_their_whole_and_their_short_names() {
        let service = "com.amazonaws.us-east-1.ecr.api";
        for name in ["ecr.api", service] {
            assert!(is_named(service, name, "us-east-1"), "{name}");
        }
        for name in [
            "ecr",
            "api",
            "ecr.dkr",
            "",
            "com.amazonaws.eu-west-1.ecr.api",
        ] {
            assert!(!is_named(service, name, "us-east-1"), "{name}");
        }
        assert!(is_named(
            "cn.com.amazonaws.cn-north-1.ec2",
            "ec2",
            "cn-north-1"
        ));
        assert!(!is_named("com.amazonaws.us-east-1.s3", "s3", "eu-west-1"));
    }
}
