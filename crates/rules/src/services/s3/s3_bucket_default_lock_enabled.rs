//! Object Lock keeps objects from being overwritten or deleted before their time.
//!
//! ## Result
//! - COMPLIANT: Object Lock is `Enabled`; with the default retention mode that `mode` names, where
//!   it names one.
//! - NON_COMPLIANT: Object Lock is off, or the default retention has another mode or none.
//! - INSUFFICIENT_DATA: the bucket's Object Lock configuration was not read.
//!
//! ## What to do
//! Turn Object Lock on, which needs versioning, and set a default retention. In `COMPLIANCE` mode
//! nobody can shorten it, not even the root user: try `GOVERNANCE` first.
//!
//! ## Source
//! AWS Config developer guide, managed rule `s3-bucket-default-lock-enabled`; Security Hub user
//! guide, S3.15.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "s3-bucket-default-lock-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "S3 buckets have Object Lock",
    resource_types: &[ResourceType::S3Bucket],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: MODE,
        kind: Kind::Text,
        default: None,
    }],
    reads: &[own(LOCK), own(RETENTION_MODE)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const LOCK: Path = path("supplementaryConfiguration.ObjectLockConfiguration.objectLockEnabled");
const RETENTION_MODE: Path =
    path("supplementaryConfiguration.ObjectLockConfiguration.rule.defaultRetention.mode");

const MODE: &str = "mode";

fn check<'a>(bucket: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let lock = bucket.text(LOCK)?;
    if lock != Some("Enabled") {
        return Ok(Evaluation::non_compliant(LOCK, lock, "Enabled"));
    }
    if let Some(wanted) = params.optional_text(MODE) {
        let mode = bucket.text(RETENTION_MODE)?;
        if !mode.is_some_and(|mode| mode.eq_ignore_ascii_case(wanted)) {
            let wanted = wanted.to_owned();
            return Ok(Evaluation::non_compliant(RETENTION_MODE, mode, wanted));
        }
    }
    Ok(Evaluation::compliant(LOCK, lock))
}
