//! Firehose keeps what it was given until it is delivered, and for a day where that fails.
//!
//! ## Result
//! - COMPLIANT: the stream has server-side encryption; with a key that `kmsKeyArns` names, if it is
//!   given.
//! - NON_COMPLIANT: it has none, or has it with another key.
//! - INSUFFICIENT_DATA: the stream was not read.
//!
//! ## What to do
//! Start encryption on the Firehose stream. One that reads from a Kinesis stream can't have it:
//! encrypt the Kinesis stream, and exempt the Firehose stream.
//!
//! ## Source
//! AWS Config developer guide, managed rule `kinesis-firehose-delivery-stream-encrypted`.

use crate::predicates::lists;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "kinesis-firehose-delivery-stream-encrypted",
    identifier: Identifier::FromId,
    version: 1,
    title: "Firehose streams are encrypted",
    resource_types: &[ResourceType::KinesisFirehoseDeliveryStream],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: KEYS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(KEY_TYPE), own(KEY)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const KEY_TYPE: Path = path("configuration.DeliveryStreamEncryptionConfigurationInput.KeyType");
const KEY: Path = path("configuration.DeliveryStreamEncryptionConfigurationInput.KeyARN");

const KEYS: &str = "kmsKeyArns";

fn check<'a>(stream: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let kind = stream.text(KEY_TYPE)?;
    if !matches!(kind, Some("AWS_OWNED_CMK" | "CUSTOMER_MANAGED_CMK")) {
        let expected = "AWS_OWNED_CMK or CUSTOMER_MANAGED_CMK";
        return Ok(Evaluation::non_compliant(KEY_TYPE, kind, expected));
    }
    let allowed = params.list(KEYS);
    if !allowed.is_empty() {
        let key = stream.text(KEY)?;
        if let Some(expected) = lists::unmet(key.as_slice(), allowed, "a key") {
            return Ok(Evaluation::non_compliant(KEY, key, expected));
        }
    }
    Ok(Evaluation::compliant(KEY_TYPE, kind))
}
