//! Brokers copy every record to each other; without TLS they do it in plain text.
//!
//! ## Result
//! - COMPLIANT: traffic between the cluster's brokers is encrypted.
//! - NON_COMPLIANT: it is not, or the answer doesn't say that it is.
//! - INSUFFICIENT_DATA: the cluster's encryption was not read.
//!
//! ## What to do
//! Encryption between brokers is chosen when a cluster is made and can't be changed: make a new
//! cluster with it and move topics and clients there.
//!
//! ## Source
//! AWS Config developer guide, managed rule `msk-in-cluster-node-require-tls`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "msk-in-cluster-node-require-tls",
    identifier: Identifier::FromId,
    version: 1,
    title: "MSK brokers talk to each other over TLS",
    resource_types: &[ResourceType::MskCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(IN_CLUSTER)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const IN_CLUSTER: Path = path("configuration.EncryptionInfo.EncryptionInTransit.InCluster");

fn check<'a>(cluster: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let encrypted = cluster.boolean(IN_CLUSTER)?;
    if encrypted != Some(true) {
        return Ok(Evaluation::non_compliant(IN_CLUSTER, encrypted, true));
    }
    Ok(Evaluation::compliant(IN_CLUSTER, encrypted))
}
