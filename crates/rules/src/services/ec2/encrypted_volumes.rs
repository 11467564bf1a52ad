//! An encrypted volume is useless to whoever gets hold of its disk or of a snapshot without the key.
//!
//! ## Result
//! - COMPLIANT: the attached volume is encrypted; with the key that `kmsId` names, where it does.
//! - NON_COMPLIANT: the attached volume is not encrypted, or with another key.
//! - NOT_APPLICABLE: the volume is attached to nothing.
//! - INSUFFICIENT_DATA: the volume's attachments or encryption were not read.
//!
//! ## What to do
//! A volume can't be encrypted in place: snapshot it, copy the snapshot encrypted, make a volume of
//! the copy, and swap the two. Turn on encryption by default for what comes next.
//!
//! ## Source
//! AWS Config developer guide, managed rule `encrypted-volumes`.

use crate::predicates::kms;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "encrypted-volumes",
    identifier: Identifier::FromId,
    version: 1,
    title: "Attached EBS volumes are encrypted",
    resource_types: &[ResourceType::Ec2Volume],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: KMS_ID,
        kind: Kind::Text,
        default: None,
    }],
    reads: &[own(ATTACHMENTS), own(ENCRYPTED), own(KMS_KEY)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const ATTACHMENTS: Path = path("configuration.attachments");
const ENCRYPTED: Path = path("configuration.encrypted");
const KMS_KEY: Path = path("configuration.kmsKeyId");

const KMS_ID: &str = "kmsId";

fn check<'a>(volume: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    if volume.list(ATTACHMENTS)?.is_empty() {
        return Ok(Evaluation::not_applicable(
            ATTACHMENTS,
            "empty",
            "the volume is not attached",
        ));
    }
    let encrypted = volume.boolean(ENCRYPTED)?;
    if encrypted != Some(true) {
        return Ok(Evaluation::non_compliant(ENCRYPTED, encrypted, true));
    }
    if let Some(wanted) = params.optional_text(KMS_ID)
        && let Some(failure) = kms::other_key(volume, KMS_KEY, &[wanted])?
    {
        return Ok(failure);
    }
    Ok(Evaluation::compliant(ENCRYPTED, encrypted))
}
