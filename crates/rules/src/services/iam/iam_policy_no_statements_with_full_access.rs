//! A policy that allows every action of a service also allows the ones that AWS adds tomorrow.
//!
//! ## Result
//! - COMPLIANT: no statement of the default version allows every action of a service; a wildcard
//!   after a beginning, such as `ec2:Describe*`, is fine.
//! - NON_COMPLIANT: a statement allows `*` or `service:*`, on whatever resource and condition; or
//!   it allows all but a whole service, by `NotAction`.
//! - NOT_APPLICABLE: AWS manages the policy; or it is used as a permissions boundary and
//!   `excludePermissionBoundaryPolicy` is `true`.
//! - INSUFFICIENT_DATA: the policy's versions or its uses were not read, or its document can't be.
//!
//! ## What to do
//! Name the actions that are needed; IAM Access Analyzer can list the ones that were called. Group
//! the rest by a common beginning.
//!
//! ## Source
//! AWS Config developer guide, managed rule `iam-policy-no-statements-with-full-access`; Security
//! Hub user guide, control IAM.21, for `NotAction`.

use crate::predicates::managed_policy;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "iam-policy-no-statements-with-full-access",
    identifier: Identifier::FromId,
    version: 1,
    title: "Customer managed policies allow no whole service",
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
    severity: Severity::Low,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

fn check<'a>(item: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    if let Some(evaluation) = managed_policy::not_judged(item, params)? {
        return Ok(evaluation);
    }
    for statement in managed_policy::statements(item)? {
        if statement.allows()
            && ["Action", "NotAction"]
                .iter()
                .any(|element| statement.texts(element).any(is_whole_service))
        {
            return Ok(Evaluation::non_compliant(
                managed_policy::VERSIONS,
                statement.node(),
                "no statement that allows every action of a service",
            ));
        }
    }
    Ok(Evaluation::compliant(
        managed_policy::VERSIONS,
        "free of statements that allow a whole service",
    ))
}

/// `*`, or a service with nothing but wildcards after the colon.
fn is_whole_service(action: &str) -> bool {
    let verb = action.split_once(':').map_or(action, |(_, verb)| verb);
    !verb.is_empty() && verb.bytes().all(|byte| byte == b'*')
}
