//! Signed digests show whether a log file was changed, deleted or forged after CloudTrail delivered
//! it.
//!
//! ## Result
//! - COMPLIANT: log file validation is on.
//! - NON_COMPLIANT: it is off or not set.
//! - INSUFFICIENT_DATA: the trail's setting was not read.
//!
//! ## What to do
//! Turn log file validation on. It covers what is delivered from then on; check the digests with
//! `aws cloudtrail validate-logs`.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloud-trail-log-file-validation-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloud-trail-log-file-validation-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "CloudTrail trails deliver signed digests of their log files",
    resource_types: &[ResourceType::CloudTrailTrail],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(VALIDATION)],
    severity: Severity::Low,
    category: Category::DataProtection,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableCloudTrailLogFileValidation"),
    check,
};

const VALIDATION: Path = path("configuration.logFileValidationEnabled");

fn check<'a>(trail: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let validation = trail.boolean(VALIDATION)?;
    if validation != Some(true) {
        return Ok(Evaluation::non_compliant(VALIDATION, validation, true));
    }
    Ok(Evaluation::compliant(VALIDATION, validation))
}
