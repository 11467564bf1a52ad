//! Without TLS, whoever can see the network between application and cache can read and change the
//! items.
//!
//! ## Result
//! - COMPLIANT: `ClusterEndpointEncryptionType` is `TLS`.
//! - NON_COMPLIANT: the type is `NONE` or not set.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! ## What to do
//! TLS can only be chosen when a cluster is made: make a new cluster with TLS, move the
//! application's endpoint to `daxs://`, and delete the old one.
//!
//! ## Source
//! AWS Config developer guide, managed rule `dax-tls-endpoint-encryption`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "dax-tls-endpoint-encryption",
    identifier: Identifier::FromId,
    version: 1,
    title: "DAX clusters answer on TLS only",
    resource_types: &[ResourceType::DaxCluster],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENDPOINT)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const ENDPOINT: Path = path("configuration.ClusterEndpointEncryptionType");

fn check<'a>(cluster: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let endpoint = cluster.text(ENDPOINT)?;
    if endpoint != Some("TLS") {
        return Ok(Evaluation::non_compliant(ENDPOINT, endpoint, "TLS"));
    }
    Ok(Evaluation::compliant(ENDPOINT, endpoint))
}
