//! A bucket's own Block Public Access settings hold even where the account's are off.
//!
//! ## Result
//! - COMPLIANT: all four settings of the bucket are `true`.
//! - NON_COMPLIANT: one of them is `false` or not set. The account's settings don't count.
//! - NOT_APPLICABLE: `excludedPublicBuckets` names the bucket.
//! - INSUFFICIENT_DATA: the settings or the bucket's name were not read.
//!
//! ## What to do
//! Turn on all four settings. A website or download bucket goes behind CloudFront, or is named in
//! the parameter.
//!
//! ## Source
//! AWS Config developer guide, managed rule `s3-bucket-level-public-access-prohibited`; Security Hub
//! user guide, S3.8.

use crate::predicates::lists;
use crate::predicates::public_access;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "s3-bucket-level-public-access-prohibited",
    identifier: Identifier::FromId,
    version: 1,
    title: "S3 buckets block public access themselves",
    resource_types: &[ResourceType::S3Bucket],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: EXCLUDED,
        kind: Kind::List,
        default: None,
    }],
    reads: &[
        own(NAME),
        own(BLOCK_ACLS),
        own(IGNORE_ACLS),
        own(BLOCK_POLICY),
        own(RESTRICT_BUCKETS),
    ],
    severity: Severity::High,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Automation("AWSConfigRemediation-ConfigureS3BucketPublicAccessBlock"),
    check,
};

const NAME: Path = path("configuration.name");
const BLOCK_ACLS: Path =
    path("supplementaryConfiguration.PublicAccessBlockConfiguration.blockPublicAcls");
const IGNORE_ACLS: Path =
    path("supplementaryConfiguration.PublicAccessBlockConfiguration.ignorePublicAcls");
const BLOCK_POLICY: Path =
    path("supplementaryConfiguration.PublicAccessBlockConfiguration.blockPublicPolicy");
const RESTRICT_BUCKETS: Path =
    path("supplementaryConfiguration.PublicAccessBlockConfiguration.restrictPublicBuckets");

const EXCLUDED: &str = "excludedPublicBuckets";

fn check<'a>(bucket: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let excluded = params.list(EXCLUDED);
    if !excluded.is_empty() {
        let name = bucket.text(NAME)?;
        if lists::names(excluded, name) {
            let because = "the rule's parameters exclude the bucket";
            return Ok(Evaluation::not_applicable(NAME, name, because));
        }
    }
    public_access::judge(
        bucket,
        [BLOCK_ACLS, IGNORE_ACLS, BLOCK_POLICY, RESTRICT_BUCKETS].map(|setting| (setting, true)),
    )
}
