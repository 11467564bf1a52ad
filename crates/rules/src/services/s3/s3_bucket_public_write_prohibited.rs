//! A bucket that everybody can write to serves other people's malware at your expense.
//!
//! ## Result
//! - COMPLIANT: neither the bucket's policy nor its ACL lets everybody write; or its Block Public
//!   Access settings take the effect from them: `restrictPublicBuckets` from the policy,
//!   `ignorePublicAcls` from the ACL.
//! - NON_COMPLIANT: a statement of the policy that S3 counts as public allows it, or the ACL grants
//!   it to `AllUsers` or `AuthenticatedUsers`. Only the bucket's own settings count, not the
//!   account's; and a denial elsewhere in the policy doesn't help.
//! - INSUFFICIENT_DATA: the settings, the policy or the ACL were not read, or can't be.
//!
//! ## What to do
//! Turn on Block Public Access for the bucket, and look through what was written.
//!
//! ## Source
//! AWS Config developer guide, managed rule `s3-bucket-public-write-prohibited`; S3 user guide,
//! "Blocking public access", the meaning of "public".

use crate::predicates::bucket_exposure::{self, ACLS_IGNORED, GRANTS, POLICIES_RESTRICTED};
use crate::predicates::bucket_policy::POLICY;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "s3-bucket-public-write-prohibited",
    identifier: Identifier::FromId,
    version: 1,
    title: "S3 buckets don't let everybody write",
    resource_types: &[ResourceType::S3Bucket],
    trigger: Trigger::ConfigurationChangeAndPeriodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[
        own(POLICIES_RESTRICTED),
        own(POLICY),
        own(ACLS_IGNORED),
        own(GRANTS),
    ],
    severity: Severity::Critical,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Automation("AWS-DisableS3BucketPublicReadWrite"),
    check,
};

/// What S3 counts as write access, objects, lists and settings alike.
const ACTIONS: &[&str] = &[
    "s3:AbortMultipartUpload",
    "s3:Delete*",
    "s3:Put*",
    "s3:RestoreObject",
];

fn check<'a>(bucket: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    bucket_exposure::judge(bucket, ACTIONS, ["Read", "ReadAcp"])
}
