//! A transform learns from labelled records, and keeps them.
//!
//! ## Result
//! - COMPLIANT: the transform's `MLUserDataEncryptionMode` is `SSE-KMS`.
//! - NON_COMPLIANT: it is `DISABLED` or not set.
//! - INSUFFICIENT_DATA: the transform was not read.
//!
//! ## What to do
//! Encryption is chosen when a transform is made: make a new one with encryption by a KMS key, and
//! teach it the same labels.
//!
//! ## Source
//! AWS Config developer guide, managed rule `glue-ml-transform-encrypted-at-rest`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "glue-ml-transform-encrypted-at-rest",
    identifier: Identifier::FromId,
    version: 1,
    title: "Glue's machine learning transforms encrypt their data",
    resource_types: &[ResourceType::GlueMlTransform],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(MODE)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const MODE: Path =
    path("configuration.TransformEncryption.MLUserDataEncryption.MLUserDataEncryptionMode");

fn check<'a>(transform: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let mode = transform.text(MODE)?;
    // The API writes it with a hyphen, CloudFormation without.
    if !matches!(mode, Some("SSE-KMS" | "SSEKMS")) {
        return Ok(Evaluation::non_compliant(MODE, mode, "SSE-KMS"));
    }
    Ok(Evaluation::compliant(MODE, mode))
}
