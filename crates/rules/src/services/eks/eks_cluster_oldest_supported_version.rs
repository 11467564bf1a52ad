//! The oldest version that is supported is the next that is not: then the cluster is upgraded on a
//! day that AWS chooses.
//!
//! ## Result
//! - COMPLIANT: the cluster runs a newer version than `oldestVersionSupported`.
//! - NON_COMPLIANT: it runs that version. An older one fails too; the guide names only the oldest
//!   one that is supported.
//! - INSUFFICIENT_DATA: the cluster's version was not read or is no version, or
//!   `oldestVersionSupported` is missing or is none.
//!
//! ## What to do
//! Upgrade the cluster, one minor version at a time: first the control plane, then nodes and
//! add-ons. Look for APIs that the next version removes before each step.
//!
//! ## Source
//! AWS Config developer guide, managed rule `eks-cluster-oldest-supported-version`.

use crate::predicates::eks_versions::{OLDEST, VERSION, against_oldest};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "eks-cluster-oldest-supported-version",
    identifier: Identifier::FromId,
    version: 1,
    title: "EKS clusters run a newer version than the oldest one that is supported",
    resource_types: &[ResourceType::EksCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: OLDEST,
        kind: Kind::Text,
        default: None,
    }],
    reads: &[own(VERSION)],
    severity: Severity::Medium,
    category: Category::VulnerabilityPatchAndVersionManagement,
    remedy: Remedy::Steps,
    check,
};

fn check<'a>(cluster: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let (version, stands) = against_oldest(cluster, params)?;
    if stands.is_le() {
        let expected = format!("newer than {}", params.text(OLDEST)?);
        return Ok(Evaluation::non_compliant(VERSION, version, expected));
    }
    Ok(Evaluation::compliant(VERSION, version))
}
