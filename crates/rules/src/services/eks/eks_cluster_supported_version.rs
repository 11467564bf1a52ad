//! A version that is not supported any more gets no fixes, and AWS upgrades the cluster on a day
//! that it chooses.
//!
//! ## Result
//! - COMPLIANT: the cluster runs `oldestVersionSupported` or a newer version.
//! - NON_COMPLIANT: it runs an older one.
//! - INSUFFICIENT_DATA: the cluster's version was not read or is no version, or
//!   `oldestVersionSupported` is missing or is none.
//!
//! ## What to do
//! Upgrade the cluster, one minor version at a time: first the control plane, then nodes and
//! add-ons. Look for APIs that the next version removes before each step.
//!
//! ## Source
//! AWS Config developer guide, managed rule `eks-cluster-supported-version`.

use crate::predicates::eks_versions::{OLDEST, VERSION, against_oldest};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "eks-cluster-supported-version",
    identifier: Identifier::FromId,
    version: 1,
    title: "EKS clusters run a version that is supported",
    resource_types: &[ResourceType::EksCluster],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: OLDEST,
        kind: Kind::Text,
        default: None,
    }],
    reads: &[own(VERSION)],
    severity: Severity::High,
    category: Category::VulnerabilityPatchAndVersionManagement,
    remedy: Remedy::Steps,
    check,
};

fn check<'a>(cluster: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let (version, stands) = against_oldest(cluster, params)?;
    if stands.is_lt() {
        let expected = format!("{} or newer", params.text(OLDEST)?);
        return Ok(Evaluation::non_compliant(VERSION, version, expected));
    }
    Ok(Evaluation::compliant(VERSION, version))
}
