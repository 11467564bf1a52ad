//! A key of KMS over the secrets of a cluster means that its storage alone gives nothing away, and
//! that each use of the key is logged.
//!
//! ## Result
//! - COMPLIANT: an entry of the encryption configuration names `secrets`; with a key that
//!   `kmsKeyArns` names, where it does.
//! - NON_COMPLIANT: there is no such entry, or it names another key.
//! - INSUFFICIENT_DATA: the cluster's encryption was not read.
//!
//! ## What to do
//! Associate an encryption configuration with the cluster; it can be added later, but never
//! removed. Write the secrets that are there once more, so that they are encrypted too, and never
//! delete the key.
//!
//! ## Source
//! AWS Config developer guide, managed rule `eks-secrets-encrypted`.

use crate::predicates::eks_secrets::{self, ENCRYPTION};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "eks-secrets-encrypted",
    identifier: Identifier::FromId,
    version: 1,
    title: "EKS clusters encrypt Kubernetes secrets with a KMS key",
    resource_types: &[ResourceType::EksCluster],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: KMS_KEY_ARNS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(ENCRYPTION)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const KMS_KEY_ARNS: &str = "kmsKeyArns";

fn check<'a>(cluster: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    eks_secrets::judge(cluster, params.list(KMS_KEY_ARNS))
}
