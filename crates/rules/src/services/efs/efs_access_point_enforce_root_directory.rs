//! An access point to the root of a file system shows its clients everything in it.
//!
//! ## Result
//! - COMPLIANT: the access point's root is another directory than `/`; one that
//!   `approvedDirectories` names, where it does.
//! - NON_COMPLIANT: it is `/`, be that approved or not, or not set, which means the same; or it is
//!   no approved directory.
//! - INSUFFICIENT_DATA: the access point was not read.
//!
//! ## What to do
//! An access point can't be changed: make another one with a root directory, and mount that one.
//!
//! ## Source
//! AWS Config developer guide, managed rule `efs-access-point-enforce-root-directory`.

use crate::predicates::lists;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "efs-access-point-enforce-root-directory",
    identifier: Identifier::FromId,
    version: 1,
    title: "EFS access points enforce a root directory",
    resource_types: &[ResourceType::EfsAccessPoint],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: APPROVED,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(ROOT)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const ROOT: Path = path("configuration.RootDirectory.Path");

const APPROVED: &str = "approvedDirectories";

const ANY: &str = "a directory below the root";

fn check<'a>(point: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let root = point.text(ROOT)?;
    if root == Some("/") {
        return Ok(Evaluation::non_compliant(ROOT, root, ANY));
    }
    if let Some(expected) = lists::unmet(root.as_slice(), params.list(APPROVED), ANY) {
        return Ok(Evaluation::non_compliant(ROOT, root, expected));
    }
    Ok(Evaluation::compliant(ROOT, root))
}
