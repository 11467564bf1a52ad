//! A cluster's API that the internet can reach is one stolen token away from being used.
//!
//! ## Result
//! - COMPLIANT: public access to the cluster's endpoint is off.
//! - NON_COMPLIANT: it is on, or nothing is set: EKS turns it on where nobody turned it off.
//!   Limiting it to some addresses does not help: the guide asks whether the endpoint is public.
//! - INSUFFICIENT_DATA: the cluster's endpoint was not read.
//!
//! ## What to do
//! Turn private access on first, check that pipelines and people reach the endpoint through the
//! VPC, then turn public access off.
//!
//! ## Source
//! AWS Config developer guide, managed rule `eks-endpoint-no-public-access`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "eks-endpoint-no-public-access",
    identifier: Identifier::FromId,
    version: 1,
    title: "The endpoints of EKS clusters are private",
    resource_types: &[ResourceType::EksCluster],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(PUBLIC)],
    severity: Severity::High,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const PUBLIC: Path = path("configuration.ResourcesVpcConfig.EndpointPublicAccess");

fn check<'a>(cluster: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let public = cluster.boolean(PUBLIC)?;
    if public != Some(false) {
        return Ok(Evaluation::non_compliant(PUBLIC, public, false));
    }
    Ok(Evaluation::compliant(PUBLIC, public))
}
