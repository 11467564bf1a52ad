//! A domain in a VPC has no address that the internet can reach.
//!
//! ## Result
//! - COMPLIANT: the domain is in subnets of a VPC.
//! - NON_COMPLIANT: it is in none: its endpoint is public.
//! - NOT_APPLICABLE: the domain runs Elasticsearch, for which there is a rule of its own.
//! - INSUFFICIENT_DATA: the domain's network was not read.
//!
//! ## What to do
//! A public domain can't be moved: make a new one in subnets of the VPC, restore a snapshot into
//! it, and let its clients use the new endpoint.
//!
//! ## Source
//! AWS Config developer guide, managed rule `opensearch-in-vpc-only`.

use crate::predicates::search_domains;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "opensearch-in-vpc-only",
    identifier: Identifier::FromId,
    version: 1,
    title: "OpenSearch domains are in a VPC",
    resource_types: &[ResourceType::OpenSearchDomain],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENGINE), own(SUBNETS)],
    severity: Severity::Critical,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const ENGINE: Path = path("configuration.EngineVersion");
// AWS Config records the subnets of such a domain, and not the VPC.
const SUBNETS: Path = path("configuration.VPCOptions.SubnetIds");

fn check<'a>(domain: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let engine = domain.text(ENGINE)?;
    if search_domains::runs_elasticsearch(engine) {
        let because = "the rule is for domains that run OpenSearch";
        return Ok(Evaluation::not_applicable(ENGINE, engine, because));
    }
    let subnets = domain.node(SUBNETS)?;
    if domain.list(SUBNETS)?.is_empty() {
        return Ok(Evaluation::non_compliant(
            SUBNETS,
            subnets,
            "subnets of a VPC",
        ));
    }
    Ok(Evaluation::compliant(SUBNETS, subnets))
}
