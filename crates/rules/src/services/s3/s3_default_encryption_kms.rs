//! With a KMS key, reading an object takes two permissions: the bucket's and the key's.
//!
//! ## Result
//! - COMPLIANT: new objects are encrypted with `aws:kms` or `aws:kms:dsse`; under a key that
//!   `kmsKeyArns` names, where it is given.
//! - NON_COMPLIANT: they are encrypted otherwise, or under another key. A key that the bucket names
//!   by alias, or not at all, matches no ARN. AWS lists KMS keys beside the buckets; only the
//!   buckets are judged.
//! - INSUFFICIENT_DATA: the bucket's default encryption was not read.
//!
//! ## What to do
//! Set the default encryption to a KMS key, with a bucket key: it saves most calls of KMS. Objects
//! that exist stay as they are; copy them onto themselves.
//!
//! ## Source
//! AWS Config developer guide, managed rule `s3-default-encryption-kms`; Security Hub user guide,
//! S3.17.

use crate::predicates::kms;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "s3-default-encryption-kms",
    identifier: Identifier::FromId,
    version: 1,
    title: "S3 buckets encrypt new objects with KMS keys",
    resource_types: &[ResourceType::S3Bucket],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: KEYS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(DEFAULTS)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const DEFAULTS: Path = path(
    "supplementaryConfiguration.ServerSideEncryptionConfiguration.rules[*].applyServerSideEncryptionByDefault",
);

const KEYS: &str = "kmsKeyArns";

fn check<'a>(bucket: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    // S3 takes one rule at most.
    let default = bucket.each(DEFAULTS)?.into_iter().next();
    let algorithm = default.and_then(|default| default.text("sseAlgorithm"));
    if !matches!(algorithm, Some("aws:kms" | "aws:kms:dsse")) {
        let expected = "aws:kms or aws:kms:dsse";
        return Ok(Evaluation::non_compliant(DEFAULTS, algorithm, expected));
    }
    let allowed = params.list(KEYS);
    if !allowed.is_empty() {
        let key = default.and_then(|default| default.text("kmsMasterKeyID"));
        if !key.is_some_and(|key| allowed.iter().any(|arn| kms::is_same_key(key, arn))) {
            let expected = allowed.join(" or ");
            return Ok(Evaluation::non_compliant(DEFAULTS, key, expected));
        }
    }
    Ok(Evaluation::compliant(DEFAULTS, algorithm))
}
