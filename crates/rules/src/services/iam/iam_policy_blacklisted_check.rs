//! Some policies give more than any user, group or role of an account is meant to have.
//!
//! ## Result
//! - COMPLIANT: none of the managed policies of `policyArns` is attached to the user, group or
//!   role.
//! - NON_COMPLIANT: one of them is.
//! - NOT_APPLICABLE: `exceptionList` names it: `users:[user1;user2], groups:[group1],
//!   roles:[role1]`, by name and not by ARN.
//! - INSUFFICIENT_DATA: its policies were not read, or `exceptionList` can't be understood.
//!
//! The default is `AdministratorAccess`. Inline policies and permissions boundaries are not looked
//! at, and what a user has from its groups fails the group.
//!
//! ## What to do
//! Detach the policy, and attach one that holds only what is used; IAM Access Analyzer can make it
//! from CloudTrail's events.
//!
//! ## Source
//! AWS Config developer guide, managed rule `iam-policy-blacklisted-check`.

use crate::predicates::parameter;
use crate::predicates::unread::text;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "iam-policy-blacklisted-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Users, groups and roles are without the policies that nobody is to have",
    resource_types: &[
        ResourceType::IamUser,
        ResourceType::IamGroup,
        ResourceType::IamRole,
    ],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: POLICIES,
            kind: Kind::List,
            default: Some("arn:aws:iam::aws:policy/AdministratorAccess"),
        },
        Parameter {
            name: EXCEPTIONS,
            kind: Kind::List,
            default: None,
        },
    ],
    reads: &[own(ATTACHED)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const ATTACHED: Path = path("configuration.attachedManagedPolicies");

const POLICIES: &str = "policyArns";
const EXCEPTIONS: &str = "exceptionList";

fn check<'a>(identity: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let unwanted = params.required_list(POLICIES)?;
    let is_excepted = is_excepted(identity, params.list(EXCEPTIONS))?;
    let attached = identity.list(ATTACHED)?;
    if is_excepted {
        let because = format!("{EXCEPTIONS} names it");
        return Ok(Evaluation::not_applicable(ATTACHED, "not judged", because));
    }
    for policy in attached {
        let arn = text(ATTACHED, *policy, "policyArn")?;
        if arn.is_some_and(|arn| unwanted.iter().any(|one| one == arn)) {
            let expected = format!("without {}", unwanted.join(", "));
            return Ok(Evaluation::non_compliant(ATTACHED, arn, expected));
        }
    }
    let found = format!("without {}", unwanted.join(", "));
    Ok(Evaluation::compliant(ATTACHED, found))
}

/// Whether the list of exceptions names the user, group or role.
fn is_excepted(
    identity: &ConfigurationItem<'_>,
    exceptions: &[String],
) -> Result<bool, InsufficientData> {
    let kind = match identity.resource_type() {
        Some(ResourceType::IamUser) => "users",
        Some(ResourceType::IamGroup) => "groups",
        _ => "roles",
    };
    let mut is_named = false;
    for exception in exceptions {
        let Some((of, names)) = names_of(exception) else {
            let message = format!("has {exception:?}, where users:[a;b] was expected");
            return Err(parameter::invalid(EXCEPTIONS, message));
        };
        let name = identity.resource_name();
        is_named |= of == kind && names.split(';').any(|one| Some(one.trim()) == name);
    }
    Ok(is_named)
}

/// `users` and `a;b` of `users:[a;b]`.
fn names_of(exception: &str) -> Option<(&str, &str)> {
    let (of, names) = exception.split_once(':')?;
    let names = names.trim().strip_prefix('[')?.strip_suffix(']')?;
    let of = of.trim();
    matches!(of, "users" | "groups" | "roles").then_some((of, names))
}
