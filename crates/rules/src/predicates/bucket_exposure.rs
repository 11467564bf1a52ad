//! What a bucket lets everybody do, by its policy and its ACL.

use posture_model::{ConfigurationItem, Path, path};

use crate::evaluation::{Evaluation, Verdict};
use crate::predicates::bucket_policy::{is_about_actions, is_public};
use crate::predicates::policy::statements;

/// Whether S3 lets a public policy serve nobody outside the account.
pub const POLICIES_RESTRICTED: Path =
    path("supplementaryConfiguration.PublicAccessBlockConfiguration.restrictPublicBuckets");
/// Whether S3 ignores what ACLs grant to everybody.
pub const ACLS_IGNORED: Path =
    path("supplementaryConfiguration.PublicAccessBlockConfiguration.ignorePublicAcls");
/// The bucket policy.
pub const POLICY: Path = path("supplementaryConfiguration.BucketPolicy.policyText");
/// The grants of the bucket's ACL.
pub const GRANTS: Path = path("supplementaryConfiguration.AccessControlList.grantList");

/// Judges whether everybody may do one of these actions. `harmless` are the permissions of ACLs that
/// don't matter.
///
/// Denials in the policy don't count: S3 looks only at what a policy grants, too.
///
/// # Errors
/// Where a place was not read, or the policy is no JSON.
pub fn judge<'a>(
    bucket: &ConfigurationItem<'a>,
    actions: &[&str],
    harmless: [&str; 2],
) -> Verdict<'a> {
    if bucket.boolean(POLICIES_RESTRICTED)? != Some(true)
        && let Some(policy) = bucket.node(POLICY)?
    {
        for statement in statements(bucket.decoded(POLICY, policy)?) {
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
        for grant in bucket.list(GRANTS)? {
            let is_public = matches!(
                grant.text("grantee"),
                Some("AllUsers" | "AuthenticatedUsers")
            );
            let permission = grant.text("permission");
            if is_public && !permission.is_some_and(|permission| harmless.contains(&permission)) {
                let expected = format!("no grant to everybody but {}", harmless.join(" and "));
                return Ok(Evaluation::non_compliant(GRANTS, *grant, expected));
            }
        }
    }
    Ok(Evaluation::compliant(POLICY, "not public, nor is the ACL"))
}
