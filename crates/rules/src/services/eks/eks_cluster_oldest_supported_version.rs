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

use crate::predicates::{parameter, unread};
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

const VERSION: Path = path("configuration.Version");

const OLDEST: &str = "oldestVersionSupported";

fn check<'a>(cluster: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let oldest = params.text(OLDEST)?;
    let Some(oldest_parts) = parts(oldest) else {
        let message = format!("is {oldest:?}, expected a version such as 1.31");
        return Err(parameter::invalid(OLDEST, message));
    };
    let version = cluster.text(VERSION)?;
    let Some(version_parts) = version.and_then(parts) else {
        let found = version.unwrap_or("not set");
        return Err(unread::malformed(VERSION, found, "a version such as 1.31"));
    };
    if version_parts <= oldest_parts {
        let expected = format!("newer than {oldest}");
        return Ok(Evaluation::non_compliant(VERSION, version, expected));
    }
    Ok(Evaluation::compliant(VERSION, version))
}

/// The major and the minor version: 1.9 is older than 1.10.
fn parts(version: &str) -> Option<(u32, u32)> {
    let (major, minor) = version.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
