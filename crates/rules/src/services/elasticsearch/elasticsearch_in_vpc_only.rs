//! A domain in a VPC has no address that the internet can reach.
//!
//! ## Result
//! - COMPLIANT: the domain is in a VPC.
//! - NON_COMPLIANT: it is in none: its endpoint is public.
//! - INSUFFICIENT_DATA: the domain's network was not read.
//!
//! ## What to do
//! A public domain can't be moved: make a new one in subnets of the VPC, restore a snapshot into
//! it, and let its clients use the new endpoint.
//!
//! ## Source
//! AWS Config developer guide, managed rule `elasticsearch-in-vpc-only`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "elasticsearch-in-vpc-only",
    identifier: Identifier::FromId,
    version: 1,
    title: "Elasticsearch domains are in a VPC",
    resource_types: &[ResourceType::ElasticsearchDomain],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(VPC)],
    severity: Severity::Critical,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const VPC: Path = path("configuration.vpcoptions.vpcid");

fn check<'a>(domain: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let vpc = domain.text(VPC)?;
    if vpc.is_none_or(str::is_empty) {
        return Ok(Evaluation::non_compliant(VPC, vpc, "a VPC"));
    }
    Ok(Evaluation::compliant(VPC, vpc))
}
