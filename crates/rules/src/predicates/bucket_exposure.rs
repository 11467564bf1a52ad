//! What a bucket lets everybody do, by its policy and its ACL.

use posture_model::tree::Node;
use posture_model::{ConfigurationItem, InsufficientData, Path, path};

use crate::evaluation::{Evaluation, Verdict};
use crate::predicates::bucket_policy::{POLICY, is_about_actions, is_public};
use crate::predicates::policy_document::statements;
use crate::predicates::unread::{malformed, recorded_list, text};

/// Whether S3 lets a public policy serve nobody outside the account.
pub const POLICIES_RESTRICTED: Path =
    path("supplementaryConfiguration.PublicAccessBlockConfiguration.restrictPublicBuckets");
/// Whether S3 ignores what ACLs grant to everybody.
pub const ACLS_IGNORED: Path =
    path("supplementaryConfiguration.PublicAccessBlockConfiguration.ignorePublicAcls");
/// The grants of the bucket's ACL.
pub const GRANTS: Path = path("supplementaryConfiguration.AccessControlList.grantList");

/// Judges whether everybody may do one of these actions. `harmless` are the permissions of ACLs that
/// don't matter.
///
/// Denials in the policy don't count: S3 looks only at what a policy grants, too.
///
/// # Errors
/// Where a place was not read, the policy is none, or a grant can't be understood.
pub fn judge<'a>(
    bucket: &ConfigurationItem<'a>,
    actions: &[&str],
    harmless: [&str; 2],
) -> Verdict<'a> {
    if bucket.boolean(POLICIES_RESTRICTED)? != Some(true)
        && let Some(policy) = bucket.node(POLICY)?
    {
        for statement in statements(bucket, POLICY, Some(policy))? {
            if is_public(statement) && is_about_actions(statement, actions) {
                return Ok(Evaluation::non_compliant(
                    POLICY,
                    statement.node(),
                    format!("no public statement that allows {}", actions.join(", ")),
                ));
            }
        }
    }
    if bucket.boolean(ACLS_IGNORED)? != Some(true) {
        for grant in recorded_list(bucket, GRANTS)? {
            let permission = text(GRANTS, *grant, "permission")?;
            let is_harmful = !permission.is_some_and(|name| harmless.contains(&name));
            if is_harmful && is_for_everybody(*grant)? {
                let expected = format!("no grant to everybody but {}", harmless.join(" and "));
                return Ok(Evaluation::non_compliant(GRANTS, *grant, expected));
            }
        }
    }
    Ok(Evaluation::compliant(POLICY, "not public, nor is the ACL"))
}

/// Whether a grant is for everybody, with or without an AWS account. AWS Config writes groups as
/// plain names, and users as objects with an id.
fn is_for_everybody(grant: Node<'_>) -> Result<bool, InsufficientData> {
    match grant.get("grantee") {
        Some(Node::Text("AllUsers" | "AuthenticatedUsers")) => Ok(true),
        Some(Node::Text("LogDelivery")) => Ok(false),
        Some(grantee) if grantee.text("id").is_some() => Ok(false),
        grantee => {
            let found = grantee.map_or("a grant to nobody".to_owned(), |grantee| {
                format!("a grant to {grantee}")
            });
            Err(malformed(
                GRANTS,
                found,
                "grants to users and to S3's groups",
            ))
        }
    }
}
