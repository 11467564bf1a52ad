//! An ACL is a second, older policy of a bucket, and the one that reviewers forget.
//!
//! ## Result
//! - COMPLIANT: the bucket's ACL grants nothing but to the bucket's owner.
//! - NON_COMPLIANT: it grants something to another account or to a group. The group that delivers
//!   server access logs counts: a bucket policy serves it as well.
//! - INSUFFICIENT_DATA: the ACL was not read.
//!
//! ## What to do
//! Turn ACLs off with the ownership setting `BucketOwnerEnforced`, and say in the bucket policy who
//! else has access.
//!
//! ## Source
//! AWS Config developer guide, managed rule `s3-bucket-acl-prohibited`.

use crate::predicates::unread::recorded_list;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "s3-bucket-acl-prohibited",
    identifier: Identifier::FromId,
    version: 1,
    title: "S3 buckets give nobody but their owner access by ACL",
    resource_types: &[ResourceType::S3Bucket],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(OWNER), own(GRANTS)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const OWNER: Path = path("supplementaryConfiguration.AccessControlList.owner.id");
const GRANTS: Path = path("supplementaryConfiguration.AccessControlList.grantList");

fn check<'a>(bucket: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let owner = bucket.text(OWNER)?;
    for grant in recorded_list(bucket, GRANTS)? {
        // AWS Config writes groups as plain names, such as `AllUsers`.
        let grantee = grant.get("grantee").and_then(|grantee| grantee.text("id"));
        if owner.is_none() || grantee != owner {
            return Ok(Evaluation::non_compliant(
                GRANTS,
                *grant,
                "grants to the owner only",
            ));
        }
    }
    Ok(Evaluation::compliant(GRANTS, "for the owner only"))
}
