//! An object that is encrypted on S3's disks can't be read from them.
//!
//! ## Result
//! - COMPLIANT: new objects are encrypted by default, with S3's keys or KMS's; or the bucket policy
//!   denies everybody to put an object that doesn't ask for it.
//! - NON_COMPLIANT: neither. Where only the policy could show it, a policy with more than five policy
//!   variables in one value fails: AWS Config doesn't evaluate it.
//! - INSUFFICIENT_DATA: the default encryption or the policy was not read.
//!
//! ## What to do
//! Set a default encryption. S3 has encrypted every new object since January 2023, and no bucket can
//! be without any more; older objects may not be encrypted.
//!
//! ## Source
//! AWS Config developer guide, managed rule `s3-bucket-server-side-encryption-enabled`.

use crate::predicates::bucket_policy::{
    POLICY, is_about_objects, only_condition, too_many_variables,
};
use crate::predicates::policy::Statement;
use crate::predicates::policy_document::statements;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "s3-bucket-server-side-encryption-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "S3 buckets encrypt new objects",
    resource_types: &[ResourceType::S3Bucket],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ALGORITHMS), own(POLICY)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Automation("AWS-EnableS3BucketEncryption"),
    check,
};

const ALGORITHMS: Path = path(
    "supplementaryConfiguration.ServerSideEncryptionConfiguration.rules[*].applyServerSideEncryptionByDefault.sseAlgorithm",
);

fn check<'a>(bucket: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let default = bucket.each(ALGORITHMS)?.into_iter().next();
    if is_algorithm(default) {
        return Ok(Evaluation::compliant(ALGORITHMS, default));
    }
    if let Some(policy) = bucket.node(POLICY)? {
        if let Some(failure) = too_many_variables(bucket, policy)? {
            return Ok(failure);
        }
        let is_denial = |statement: &Statement<'_>| denies_plain(*statement, bucket.name());
        if statements(bucket, POLICY, Some(policy))?
            .iter()
            .any(is_denial)
        {
            let found = "with a denial of unencrypted objects";
            return Ok(Evaluation::compliant(POLICY, found));
        }
    }
    let expected = "AES256, aws:kms or aws:kms:dsse, or a policy that denies unencrypted objects";
    Ok(Evaluation::non_compliant(ALGORITHMS, default, expected))
}

fn denies_plain(statement: Statement<'_>, bucket: &str) -> bool {
    let is_about_plain = only_condition(statement).is_some_and(|(operator, key, values)| {
        let values = values.one_or_many();
        let decides = match operator.as_str() {
            // True where the header is missing, too.
            "stringnotequals" => {
                !values.is_empty() && values.iter().all(|value| is_algorithm(Some(*value)))
            }
            "null" => values.iter().any(|value| value.as_boolean() == Some(true)),
            _ => false,
        };
        key == "s3:x-amz-server-side-encryption" && decides
    });
    statement.denies()
        && statement.is_for_everybody()
        && statement.covers_action("s3:PutObject")
        && is_about_objects(statement, bucket)
        && is_about_plain
}

fn is_algorithm(name: Option<Node<'_>>) -> bool {
    let name = name.and_then(Node::as_text);
    matches!(name, Some("AES256" | "aws:kms" | "aws:kms:dsse"))
}
