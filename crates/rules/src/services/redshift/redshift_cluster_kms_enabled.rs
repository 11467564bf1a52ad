//! A key in KMS shows in CloudTrail who decrypts what, and can be taken away.
//!
//! ## Result
//! - COMPLIANT: the cluster is encrypted with a KMS key; with one of `kmsKeyArns`, where they are
//!   given.
//! - NON_COMPLIANT: it is not encrypted, not with KMS, or with another key.
//! - INSUFFICIENT_DATA: the cluster was not read.
//!
//! ## What to do
//! Change the cluster's encryption to the KMS key; Redshift moves the data to an encrypted cluster
//! behind the same address, read-only meanwhile.
//!
//! ## Source
//! AWS Config developer guide, managed rule `redshift-cluster-kms-enabled`.

use crate::predicates::kms;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "redshift-cluster-kms-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Redshift clusters are encrypted with a KMS key",
    resource_types: &[ResourceType::RedshiftCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: KEYS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(ENCRYPTED), own(KEY)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableRedshiftClusterEncryption"),
    check,
};

const ENCRYPTED: Path = path("configuration.encrypted");
const KEY: Path = path("configuration.kmsKeyId");

const KEYS: &str = "kmsKeyArns";

fn check<'a>(cluster: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let encrypted = cluster.boolean(ENCRYPTED)?;
    if encrypted != Some(true) {
        return Ok(Evaluation::non_compliant(ENCRYPTED, encrypted, true));
    }
    kms::names_a_key(cluster, KEY, params.list(KEYS))
}
