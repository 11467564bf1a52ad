//! With enhanced VPC routing, loads and unloads stay inside the VPC, where flow logs and endpoint
//! policies see them.
//!
//! ## Result
//! - COMPLIANT: `enhancedVpcRouting` is `true`.
//! - NON_COMPLIANT: `enhancedVpcRouting` is `false` or not set.
//! - INSUFFICIENT_DATA: `enhancedVpcRouting` was not read.
//!
//! ## What to do
//! Turn enhanced VPC routing on; the cluster restarts. Make sure that the VPC has a route
//! to S3 first.
//!
//! ## Source
//! AWS Config developer guide, managed rule `redshift-enhanced-vpc-routing-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "redshift-enhanced-vpc-routing-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Redshift clusters route their loads and unloads through the VPC",
    resource_types: &[ResourceType::RedshiftCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENHANCED_VPC_ROUTING)],
    severity: Severity::Medium,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableRedshiftClusterEnhancedVPCRouting"),
    check,
};

const ENHANCED_VPC_ROUTING: Path = path("configuration.enhancedVpcRouting");

fn check<'a>(cluster: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let enhanced_vpc_routing = cluster.boolean(ENHANCED_VPC_ROUTING)?;
    if enhanced_vpc_routing != Some(true) {
        return Ok(Evaluation::non_compliant(
            ENHANCED_VPC_ROUTING,
            enhanced_vpc_routing,
            true,
        ));
    }
    Ok(Evaluation::compliant(
        ENHANCED_VPC_ROUTING,
        enhanced_vpc_routing,
    ))
}
