//! A trail that is encrypted with a KMS key can be read by those who may use the key, not by
//! everybody who may read the bucket.
//!
//! ## Result
//! - COMPLIANT: the trail names a KMS key.
//! - NON_COMPLIANT: it names none.
//! - INSUFFICIENT_DATA: the trail's key was not read.
//!
//! ## What to do
//! Give the trail a KMS key whose policy lets CloudTrail encrypt. Log files that are already in the
//! bucket stay as they are.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloud-trail-encryption-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloud-trail-encryption-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "CloudTrail trails are encrypted with a KMS key",
    resource_types: &[ResourceType::CloudTrailTrail],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(KMS_KEY)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableCloudTrailEncryptionWithKMS"),
    check,
};

const KMS_KEY: Path = path("configuration.kmsKeyId");

fn check<'a>(trail: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let key = trail.text(KMS_KEY)?;
    if key.is_none_or(str::is_empty) {
        return Ok(Evaluation::non_compliant(KMS_KEY, key, "a KMS key"));
    }
    Ok(Evaluation::compliant(KMS_KEY, key))
}
