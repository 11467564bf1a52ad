//! Whoever may decrypt with every key of an account reads whatever lies in it encrypted.
//!
//! ## Result
//! - COMPLIANT: no statement of the default version allows a blocked action on all KMS keys.
//! - NON_COMPLIANT: a statement allows an action of `blockedActionsPatterns` on all KMS keys,
//!   attached or not.
//! - NOT_APPLICABLE: AWS manages the policy; or it is used as a permissions boundary and
//!   `excludePermissionBoundaryPolicy` is `true`.
//! - INSUFFICIENT_DATA: the policy's versions or its uses were not read, or its document can't be;
//!   or `blockedActionsPatterns` is not given.
//!
//! AWS does not say what all keys are: here it is any resource that may be a key and holds a
//! wildcard or a variable. Conditions don't count; a denial without conditions does.
//!
//! ## What to do
//! Name the keys that the policy is for by their ARNs, or leave the permission to the keys' own
//! policies.
//!
//! ## Source
//! AWS Config developer guide, managed rule `iam-customer-policy-blocked-kms-actions`; Security Hub
//! user guide, control KMS.1, for conditions.

use crate::predicates::{kms_access, managed_policy};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "iam-customer-policy-blocked-kms-actions",
    identifier: Identifier::FromId,
    version: 1,
    title: "Customer managed policies allow no blocked action on all KMS keys",
    resource_types: &[ResourceType::IamPolicy],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: kms_access::BLOCKED,
            kind: Kind::List,
            default: None,
        },
        Parameter {
            name: managed_policy::EXCLUDE_BOUNDARIES,
            kind: Kind::Boolean,
            default: Some("false"),
        },
    ],
    reads: &[
        own(managed_policy::ARN),
        own(managed_policy::BOUNDARY_USES),
        own(managed_policy::VERSIONS),
    ],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

fn check<'a>(item: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let blocked = params.required_list(kms_access::BLOCKED)?;
    if let Some(evaluation) = managed_policy::not_judged(item, params)? {
        return Ok(evaluation);
    }
    let statements = managed_policy::statements(item)?;
    if let Some(action) = kms_access::allowed_on_every_key(&statements, blocked) {
        return Ok(Evaluation::non_compliant(
            managed_policy::VERSIONS,
            format!("allowing {action} on all keys"),
            "no blocked action on all keys",
        ));
    }
    Ok(Evaluation::compliant(
        managed_policy::VERSIONS,
        "free of blocked actions on all keys",
    ))
}
