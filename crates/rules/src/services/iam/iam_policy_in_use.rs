//! A policy that somebody must have, such as the one for AWS Support, has to hang on somebody.
//!
//! ## Result
//! - COMPLIANT: the policy of `policyARN` is attached to a user, to a group with a user in it, or
//!   to a role that somebody may assume; of the kind of `policyUsageType`, where that is not `ANY`.
//! - NON_COMPLIANT: it is attached to none of these.
//! - INSUFFICIENT_DATA: the account's users, groups and roles were not read; or `policyARN` is not
//!   given, or `policyUsageType` is unknown.
//!
//! ## What to do
//! Attach the policy to the role or group of the people who need it.
//!
//! ## Source
//! AWS Config developer guide, managed rule `iam-policy-in-use`.

use crate::predicates::policy::Statement;
use crate::predicates::{parameter, policy_document};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "iam-policy-in-use",
    identifier: Identifier::FromId,
    version: 1,
    title: "The policy that is asked for is in use",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Global,
    parameters: &[
        Parameter {
            name: POLICY_ARN,
            kind: Kind::Text,
            default: None,
        },
        Parameter {
            name: USAGE,
            kind: Kind::Text,
            default: Some("ANY"),
        },
    ],
    reads: &[own(USERS), own(GROUPS), own(ROLES)],
    severity: Severity::Low,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Automation("ASR-CreateIAMSupportRole"),
    check,
};

const USERS: Path =
    path("supplementaryConfiguration.GetAccountAuthorizationDetails.UserDetailList");
const GROUPS: Path =
    path("supplementaryConfiguration.GetAccountAuthorizationDetails.GroupDetailList");
const ROLES: Path =
    path("supplementaryConfiguration.GetAccountAuthorizationDetails.RoleDetailList");

const POLICY_ARN: &str = "policyARN";
const USAGE: &str = "policyUsageType";

fn check<'a>(account: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let arn = params.text(POLICY_ARN)?;
    let usage = params.text(USAGE)?;
    let wants = |kind: &str| usage == "ANY" || usage == kind;
    if !["ANY", "IAM_USER", "IAM_GROUP", "IAM_ROLE"].contains(&usage) {
        let message = format!("is {usage:?}, expected IAM_USER, IAM_GROUP, IAM_ROLE or ANY");
        return Err(parameter::invalid(USAGE, message));
    }
    let users = account.list(USERS)?;
    if wants("IAM_USER")
        && let Some(user) = users.iter().find(|user| has(**user, arn))
    {
        return Ok(Evaluation::compliant(USERS, user.text("UserName")));
    }
    let groups = account.list(GROUPS)?;
    for group in groups.iter().filter(|group| has(**group, arn)) {
        let Some(name) = group.text("GroupName").filter(|_| wants("IAM_GROUP")) else {
            continue;
        };
        let is_member = |user: &Node<'_>| {
            let mut of_user = user.items("GroupList").iter();
            of_user.any(|group| group.as_text() == Some(name))
        };
        if users.iter().any(is_member) {
            return Ok(Evaluation::compliant(GROUPS, name));
        }
    }
    let roles = account.list(ROLES)?;
    let is_wanted = |role: &&Node<'_>| wants("IAM_ROLE") && has(**role, arn);
    for role in roles.iter().filter(is_wanted) {
        let trust = role.get("AssumeRolePolicyDocument");
        let trust = policy_document::statements(account, ROLES, trust)?;
        if trust.into_iter().any(trusts_somebody) {
            return Ok(Evaluation::compliant(ROLES, role.text("RoleName")));
        }
    }
    let (place, expected) = match usage {
        "IAM_USER" => (USERS, "a user with the policy"),
        "IAM_GROUP" => (GROUPS, "a group with the policy and a user"),
        "IAM_ROLE" => (ROLES, "a role with the policy that somebody may assume"),
        _ => (USERS, "a user, a group or a role with the policy"),
    };
    Ok(Evaluation::non_compliant(
        place,
        format!("without {arn} in use"),
        expected,
    ))
}

fn has(identity: Node<'_>, arn: &str) -> bool {
    identity
        .items("AttachedManagedPolicies")
        .iter()
        .any(|policy| policy.text("PolicyArn") == Some(arn))
}

fn trusts_somebody(statement: Statement<'_>) -> bool {
    statement.allows()
        && statement
            .node()
            .get("Principal")
            .is_some_and(|principal| !principal.is_empty())
}
