//! With a key of your own, you decide who reads the logs, and can take it back.
//!
//! ## Result
//! - COMPLIANT: the log group is encrypted with a KMS key; with the one that `KmsKeyId` names,
//!   where it does.
//! - NON_COMPLIANT: it names no key, or another one. Without a key, CloudWatch Logs encrypts with
//!   its own, which the guide doesn't count.
//! - INSUFFICIENT_DATA: the log group was not read.
//!
//! ## What to do
//! Let the key's policy admit CloudWatch Logs, then associate the key with the log group. What was
//! written before stays as it was.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloudwatch-log-group-encrypted`.

use crate::predicates::kms;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloudwatch-log-group-encrypted",
    identifier: Identifier::FromId,
    version: 1,
    title: "Log groups are encrypted with a KMS key",
    resource_types: &[ResourceType::LogsLogGroup],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: KEY_ID,
        kind: Kind::Text,
        default: None,
    }],
    reads: &[own(KMS_KEY)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const KMS_KEY: Path = path("configuration.kmsKeyId");

const KEY_ID: &str = "KmsKeyId";

fn check<'a>(group: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    if let Some(wanted) = params.optional_text(KEY_ID)
        && let Some(failure) = kms::other_key(group, KMS_KEY, &[wanted])?
    {
        return Ok(failure);
    }
    kms::names_a_key(group, KMS_KEY, &[])
}
