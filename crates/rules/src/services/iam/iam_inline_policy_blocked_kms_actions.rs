//! An inline policy that may decrypt with every key is found by nobody who reviews the account's
//! policies.
//!
//! ## Result
//! - COMPLIANT: no inline policy of the user, role or group allows a blocked action on all KMS
//!   keys.
//! - NON_COMPLIANT: one allows an action of `blockedActionsPatterns` on all KMS keys.
//! - NOT_APPLICABLE: `excludeRoleByManagementAccount` is `true`, and only principals of the
//!   organization's management account may assume the role.
//! - INSUFFICIENT_DATA: the inline policies were not read, or can't be; or the role's trust or the
//!   organization was not read where they count; or `blockedActionsPatterns` is not given.
//!
//! AWS does not say what all keys are: here it is any resource that may be a key and holds a
//! wildcard or a variable. Conditions don't count; a denial without conditions does.
//!
//! ## What to do
//! Name the keys that the policy is for by their ARNs, or leave the permission to the keys' own
//! policies.
//!
//! ## Source
//! AWS Config developer guide, managed rule `iam-inline-policy-blocked-kms-actions`; Security Hub
//! user guide, control KMS.2, for conditions.

use crate::predicates::{inline_policy, kms_access, policy, policy_document};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "iam-inline-policy-blocked-kms-actions",
    identifier: Identifier::FromId,
    version: 1,
    title: "Inline policies allow no blocked action on all KMS keys",
    resource_types: &[
        ResourceType::IamUser,
        ResourceType::IamRole,
        ResourceType::IamGroup,
    ],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: kms_access::BLOCKED,
            kind: Kind::List,
            default: None,
        },
        Parameter {
            name: EXCLUDE_ROLES,
            kind: Kind::Boolean,
            default: None,
        },
    ],
    reads: &[
        own(inline_policy::OF_USERS),
        own(inline_policy::OF_ROLES),
        own(inline_policy::OF_GROUPS),
        own(TRUST),
        Read::Other(ORGANIZATION),
    ],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const TRUST: Path = path("configuration.assumeRolePolicyDocument");
const MANAGEMENT_ACCOUNT: Path =
    path("supplementaryConfiguration.DescribeOrganization.Organization.MasterAccountId");
const ORGANIZATION: Other = other(ResourceType::Account, By::Type, &[MANAGEMENT_ACCOUNT]);

const EXCLUDE_ROLES: &str = "excludeRoleByManagementAccount";

fn check<'a>(
    identity: &ConfigurationItem<'a>,
    params: &Params,
    context: &Context<'a>,
) -> Verdict<'a> {
    let blocked = params.required_list(kms_access::BLOCKED)?;
    let place = inline_policy::place(identity);
    let policies = identity.list(place)?;
    if params.is_true(EXCLUDE_ROLES)
        && identity.resource_type() == Some(ResourceType::IamRole)
        && let Some(account) = only_trusted_account(identity)?
    {
        for owner in context.all(identity, &ORGANIZATION)? {
            if owner.text(MANAGEMENT_ACCOUNT)? == Some(account) {
                let because = "only the management account may assume the role";
                return Ok(Evaluation::not_applicable(TRUST, account, because));
            }
        }
    }
    for inline in policies {
        let document = inline.get("policyDocument");
        let statements = policy_document::statements(identity, place, document)?;
        if let Some(action) = kms_access::allowed_on_every_key(&statements, blocked) {
            let name = inline.text("policyName").unwrap_or("a policy");
            return Ok(Evaluation::non_compliant(
                place,
                format!("{name}, allowing {action} on all keys"),
                "no blocked action on all keys",
            ));
        }
    }
    Ok(Evaluation::compliant(
        place,
        "free of blocked actions on all keys",
    ))
}

/// The one account whose principals may assume a role; none where others may too.
fn only_trusted_account<'a>(
    role: &ConfigurationItem<'a>,
) -> Result<Option<&'a str>, InsufficientData> {
    let mut accounts: Vec<Option<&str>> = Vec::new();
    for statement in policy_document::statements(role, TRUST, role.node(TRUST)?)? {
        if statement.denies() {
            continue;
        }
        let principals = policy::principals(statement);
        if principals.is_empty() {
            accounts.push(None);
        }
        for (kind, name) in principals {
            accounts.push(policy::account_of(name).filter(|_| kind == "AWS"));
        }
    }
    accounts.dedup();
    Ok(match accounts.as_slice() {
        [Some(account)] => Some(*account),
        _ => None,
    })
}
