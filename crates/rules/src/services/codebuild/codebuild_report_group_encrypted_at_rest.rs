//! Raw results of tests hold the names, paths and sometimes the data of what is tested.
//!
//! ## Result
//! - COMPLIANT: the group exports its results to S3, and encryption is not turned off.
//! - NON_COMPLIANT: it exports them with `EncryptionDisabled`.
//! - NOT_APPLICABLE: it exports nothing, so that there is no setting.
//! - INSUFFICIENT_DATA: the report group was not read, or doesn't say whether it exports.
//!
//! ## What to do
//! Turn encryption on in the report group's export, with a KMS key or S3's own. Results that were
//! exported before stay as they are.
//!
//! ## Source
//! AWS Config developer guide, managed rule `codebuild-report-group-encrypted-at-rest`.

use crate::predicates::unread;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "codebuild-report-group-encrypted-at-rest",
    identifier: Identifier::FromId,
    version: 1,
    title: "CodeBuild report groups encrypt what they export",
    resource_types: &[ResourceType::CodeBuildReportGroup],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(EXPORT), own(IS_OFF)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const EXPORT: Path = path("configuration.ExportConfig.ExportConfigType");
const IS_OFF: Path = path("configuration.ExportConfig.S3Destination.EncryptionDisabled");

fn check<'a>(group: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    match group.text(EXPORT)? {
        Some("S3") => {}
        Some("NO_EXPORT") => {
            let because = "the group exports nothing";
            return Ok(Evaluation::not_applicable(EXPORT, "NO_EXPORT", because));
        }
        Some(other) => return Err(unread::malformed(EXPORT, other, "S3 or NO_EXPORT")),
        None => return Err(unread::not_collected(EXPORT)),
    }
    let is_off = group.boolean(IS_OFF)?;
    if is_off == Some(true) {
        return Ok(Evaluation::non_compliant(IS_OFF, is_off, false));
    }
    Ok(Evaluation::compliant(IS_OFF, is_off))
}
