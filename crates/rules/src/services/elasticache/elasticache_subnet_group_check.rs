//! The default subnet group holds all subnets of the default VPC, which are open to the internet
//! unless somebody closed them.
//!
//! ## Result
//! - COMPLIANT: the cluster is in a subnet group of one's own.
//! - NON_COMPLIANT: it is in the group `default`, or in none.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! ## What to do
//! A cluster can't be moved: make a subnet group of private subnets, make the cluster anew in it
//! from a backup, and let its clients use the new endpoint.
//!
//! ## Source
//! AWS Config developer guide, managed rule `elasticache-subnet-group-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "elasticache-subnet-group-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "ElastiCache clusters are in a subnet group of their own",
    resource_types: &[ResourceType::ElastiCacheCacheCluster],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(SUBNETS)],
    severity: Severity::High,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const SUBNETS: Path = path("configuration.CacheSubnetGroupName");

fn check<'a>(cluster: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let subnets = cluster.text(SUBNETS)?;
    if matches!(subnets, None | Some("" | "default")) {
        let expected = "a subnet group of one's own";
        return Ok(Evaluation::non_compliant(SUBNETS, subnets, expected));
    }
    Ok(Evaluation::compliant(SUBNETS, subnets))
}
