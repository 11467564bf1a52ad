//! Messages wait on SNS's disks between publisher and subscriber.
//!
//! ## Result
//! - COMPLIANT: the topic is encrypted with a KMS key; with one that `kmsKeyIds` names, where it is
//!   given.
//! - NON_COMPLIANT: the topic has no key, or another one. A key and its alias are not known to be
//!   the same: name the one that the topic names.
//! - INSUFFICIENT_DATA: the topic was not read.
//!
//! ## What to do
//! Set a customer managed key. AWS services that publish to the topic need permission on the key,
//! which AWS's own `alias/aws/sns` can't give them.
//!
//! ## Source
//! AWS Config developer guide, managed rule `sns-encrypted-kms`.

use crate::predicates::kms;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "sns-encrypted-kms",
    identifier: Identifier::FromId,
    version: 1,
    title: "SNS topics are encrypted with KMS keys",
    resource_types: &[ResourceType::SnsTopic],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: KEYS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(KEY)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Automation("AWSConfigRemediation-EncryptSNSTopic"),
    check,
};

const KEY: Path = path("configuration.KmsMasterKeyId");

const KEYS: &str = "kmsKeyIds";

fn check<'a>(topic: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    kms::names_a_key(topic, KEY, params.list(KEYS))
}
