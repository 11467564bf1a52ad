//! What a cluster writes to S3 and to its disks is useless without the key to whoever gets hold of
//! it, if it is encrypted.
//!
//! ## Result
//! - COMPLIANT: `EnableAtRestEncryption` of the security configuration is `true`.
//! - NON_COMPLIANT: it is `false` or not set.
//! - INSUFFICIENT_DATA: the security configuration was not read.
//!
//! ## What to do
//! A security configuration can't be changed, nor can the one of a cluster that runs. Make a
//! security configuration with encryption at rest, for S3 and for local disks; start new clusters
//! with it, and delete the old one when no cluster uses it.
//!
//! ## Source
//! AWS Config developer guide, managed rule `emr-security-configuration-encryption-rest`.

use crate::predicates::unread::not_collected;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "emr-security-configuration-encryption-rest",
    identifier: Identifier::FromId,
    version: 1,
    title: "EMR security configurations encrypt at rest",
    resource_types: &[ResourceType::EmrSecurityConfiguration],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(DOCUMENT), own(ENABLED)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const DOCUMENT: Path = path("configuration.SecurityConfiguration");
const ENABLED: Path =
    path("configuration.SecurityConfiguration.EncryptionConfiguration.EnableAtRestEncryption");

fn check<'a>(security: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    if security.node(DOCUMENT)?.is_none() {
        return Err(not_collected(DOCUMENT));
    }
    let enabled = security.boolean(ENABLED)?;
    if enabled != Some(true) {
        return Ok(Evaluation::non_compliant(ENABLED, enabled, true));
    }
    Ok(Evaluation::compliant(ENABLED, enabled))
}
