//! A stream keeps its records for a day to a year: long enough to be worth encrypting.
//!
//! ## Result
//! - COMPLIANT: the stream has server-side encryption with a KMS key.
//! - NON_COMPLIANT: the stream has no `StreamEncryption`, or one of type `NONE`.
//! - INSUFFICIENT_DATA: the stream's encryption was not read.
//!
//! ## What to do
//! Start the stream's encryption. It takes effect for new records only, and its producers and
//! consumers need permission to use the key first.
//!
//! ## Source
//! AWS Config developer guide, managed rule `kinesis-stream-encrypted`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "kinesis-stream-encrypted",
    identifier: Identifier::FromId,
    version: 1,
    title: "Kinesis streams are encrypted",
    resource_types: &[ResourceType::KinesisStream],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENCRYPTION)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const ENCRYPTION: Path = path("configuration.StreamEncryption.EncryptionType");

fn check<'a>(stream: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let encryption = stream.text(ENCRYPTION)?;
    if encryption != Some("KMS") {
        return Ok(Evaluation::non_compliant(ENCRYPTION, encryption, "KMS"));
    }
    Ok(Evaluation::compliant(ENCRYPTION, encryption))
}
