//! Whoever has a policy that allows everything is the account's administrator, whatever the policy
//! is called.
//!
//! ## Result
//! - COMPLIANT: no statement of the default version allows every action on every resource.
//! - NON_COMPLIANT: a statement allows `*` on `*`; conditions make no difference.
//! - NOT_APPLICABLE: AWS manages the policy; or it is used as a permissions boundary and
//!   `excludePermissionBoundaryPolicy` is `true`.
//! - INSUFFICIENT_DATA: the policy's versions or its uses were not read, or its document can't be.
//!
//! As AWS words it, `NotAction` is not `Action`: a statement that allows all but a few actions
//! passes here, and fails iam-policy-no-statements-with-full-access.
//!
//! ## What to do
//! Ask IAM Access Analyzer for a policy from what was really called, attach that one instead, and
//! detach this one. Keep administration in one role.
//!
//! ## Source
//! AWS Config developer guide, managed rule `iam-policy-no-statements-with-admin-access`.

use crate::predicates::managed_policy;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "iam-policy-no-statements-with-admin-access",
    identifier: Identifier::FromId,
    version: 1,
    title: "Customer managed policies make nobody an administrator",
    resource_types: &[ResourceType::IamPolicy],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: managed_policy::EXCLUDE_BOUNDARIES,
        kind: Kind::Boolean,
        default: Some("false"),
    }],
    reads: &[
        own(managed_policy::ARN),
        own(managed_policy::BOUNDARY_USES),
        own(managed_policy::VERSIONS),
    ],
    severity: Severity::High,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

fn check<'a>(item: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    if let Some(evaluation) = managed_policy::not_judged(item, params)? {
        return Ok(evaluation);
    }
    for statement in managed_policy::statements(item)? {
        // `*:*` is how some write `*`.
        let is_every_action = |action: &str| matches!(action, "*" | "*:*");
        if statement.allows()
            && statement.texts("Action").any(is_every_action)
            && statement.texts("Resource").any(|resource| resource == "*")
        {
            return Ok(Evaluation::non_compliant(
                managed_policy::VERSIONS,
                statement.node(),
                "no statement that allows every action on every resource",
            ));
        }
    }
    Ok(Evaluation::compliant(
        managed_policy::VERSIONS,
        "free of statements that allow everything",
    ))
}
