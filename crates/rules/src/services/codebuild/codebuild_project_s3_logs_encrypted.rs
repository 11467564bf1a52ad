//! Logs of a build name hosts, paths and versions, and now and then a secret.
//!
//! ## Result
//! - COMPLIANT: the project writes its logs to S3, and encryption is not disabled.
//! - NON_COMPLIANT: `encryptionDisabled` is `true` for the logs in S3; also where they are off at
//!   the moment, since the guide asks for the setting alone.
//! - NOT_APPLICABLE: `exemptedProjects` names the project, or it writes no logs to S3.
//! - INSUFFICIENT_DATA: the project's logs or its name were not read.
//!
//! ## What to do
//! Turn encryption back on for the logs in S3.
//!
//! ## Source
//! AWS Config developer guide, managed rule `codebuild-project-s3-logs-encrypted`.

use crate::predicates::lists;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "codebuild-project-s3-logs-encrypted",
    identifier: Identifier::FromId,
    version: 1,
    title: "CodeBuild projects encrypt their logs in S3",
    resource_types: &[ResourceType::CodeBuildProject],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: EXEMPTED,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(NAME), own(STATUS), own(DISABLED)],
    severity: Severity::Low,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const NAME: Path = path("configuration.name");
const STATUS: Path = path("configuration.logsConfig.s3Logs.status");
const DISABLED: Path = path("configuration.logsConfig.s3Logs.encryptionDisabled");

const EXEMPTED: &str = "exemptedProjects";

fn check<'a>(project: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let exempted = params.list(EXEMPTED);
    if !exempted.is_empty() {
        let name = project.text(NAME)?;
        if lists::names(exempted, name) {
            return Ok(Evaluation::not_applicable(
                NAME,
                name,
                "the project is exempted",
            ));
        }
    }
    let disabled = project.boolean(DISABLED)?;
    if disabled == Some(true) {
        return Ok(Evaluation::non_compliant(DISABLED, disabled, false));
    }
    let status = project.text(STATUS)?;
    if status != Some("ENABLED") {
        let because = "the project writes no logs to S3";
        return Ok(Evaluation::not_applicable(STATUS, status, because));
    }
    Ok(Evaluation::compliant(DISABLED, disabled))
}
