//! Managed policies, as AWS Config records them.

use posture_model::{ConfigurationItem, InsufficientData, Path, path};

use super::policy::Statement;
use super::policy_document;
use super::unread::not_collected;
use crate::{Evaluation, Params};

/// The policy's ARN.
pub const ARN: Path = path("configuration.arn");
/// How many users and roles have the policy as their permissions boundary.
pub const BOUNDARY_USES: Path = path("configuration.permissionsBoundaryUsageCount");
/// The policy's versions, with their documents.
pub const VERSIONS: Path = path("configuration.policyVersionList");

/// The parameter that leaves permissions boundaries out.
pub const EXCLUDE_BOUNDARIES: &str = "excludePermissionBoundaryPolicy";

/// The verdict on a policy that a rule on customer managed policies doesn't judge: AWS's own, and
/// permissions boundaries where `excludePermissionBoundaryPolicy` leaves them out.
///
/// # Errors
/// Where the policy's ARN or its use was not read.
pub fn not_judged<'a>(
    item: &ConfigurationItem<'a>,
    params: &Params,
) -> Result<Option<Evaluation<'a>>, InsufficientData> {
    let arn = item.text(ARN)?;
    if arn.is_some_and(|arn| arn.contains(":iam::aws:policy/")) {
        let because = "AWS manages this policy";
        return Ok(Some(Evaluation::not_applicable(ARN, arn, because)));
    }
    if params.is_true(EXCLUDE_BOUNDARIES) {
        let uses = item.integer(BOUNDARY_USES)?;
        if uses.is_some_and(|uses| uses > 0) {
            let because = "the policy is used as a permissions boundary";
            return Ok(Some(Evaluation::not_applicable(
                BOUNDARY_USES,
                uses,
                because,
            )));
        }
    }
    Ok(None)
}

/// The statements of the version that is in force.
///
/// # Errors
/// Where the versions were not read, none of them is the default one, or its document is no
/// policy.
pub fn statements<'a>(
    item: &ConfigurationItem<'a>,
) -> Result<Vec<Statement<'a>>, InsufficientData> {
    let version = item
        .list(VERSIONS)?
        .iter()
        .find(|version| version.boolean("isDefaultVersion") == Some(true))
        .ok_or_else(|| not_collected(VERSIONS))?;
    policy_document::statements(item, VERSIONS, version.get("document"))
}
