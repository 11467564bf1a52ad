//! Rotation limits how much data one version of a key ever encrypts.
//!
//! ## Result
//! - COMPLIANT: automatic rotation is on.
//! - NON_COMPLIANT: automatic rotation is off. The page says nothing about disabled keys and keys
//!   that wait for their deletion; they are judged like any other.
//! - NOT_APPLICABLE: AWS manages the key, or KMS can't rotate it by itself: an asymmetric or HMAC
//!   key, imported key material, a custom key store.
//! - INSUFFICIENT_DATA: the key or its rotation was not read. AWS's own rule reports a missing
//!   permission as a failure of the key.
//!
//! ## What to do
//! Turn automatic rotation on. What was encrypted before stays readable: KMS keeps the old versions.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cmk-backing-key-rotation-enabled`; KMS API reference,
//! `EnableKeyRotation`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cmk-backing-key-rotation-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Customer managed KMS keys are rotated automatically",
    resource_types: &[ResourceType::KmsKey],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[
        own(MANAGER),
        own(ORIGIN),
        own(SPEC),
        own(OLDER_SPEC),
        own(ROTATION),
    ],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableKeyRotation"),
    check,
};

const MANAGER: Path = path("configuration.keyManager");
const ORIGIN: Path = path("configuration.origin");
const SPEC: Path = path("configuration.keySpec");
const OLDER_SPEC: Path = path("configuration.customerMasterKeySpec");
const ROTATION: Path = path("supplementaryConfiguration.KeyRotationStatus");

fn check<'a>(key: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let manager = key.text(MANAGER)?;
    if manager == Some("AWS") {
        return Ok(Evaluation::not_applicable(
            MANAGER,
            manager,
            "AWS manages the key",
        ));
    }
    let origin = key.text(ORIGIN)?;
    if origin.is_some_and(|origin| origin != "AWS_KMS") {
        let because = "KMS rotates only key material that it made itself";
        return Ok(Evaluation::not_applicable(ORIGIN, origin, because));
    }
    // Items from before November 2021 have only the older name.
    let (place, spec) = match key.text(SPEC)? {
        None => (OLDER_SPEC, key.text(OLDER_SPEC)?),
        spec => (SPEC, spec),
    };
    if spec.is_some_and(|spec| spec != "SYMMETRIC_DEFAULT") {
        let because = "KMS rotates only symmetric encryption keys";
        return Ok(Evaluation::not_applicable(place, spec, because));
    }
    let rotation = key.boolean(ROTATION)?;
    if rotation != Some(true) {
        return Ok(Evaluation::non_compliant(ROTATION, rotation, true));
    }
    Ok(Evaluation::compliant(ROTATION, rotation))
}
