//! A build in privileged mode has root's powers on the machine that it runs on.
//!
//! ## Result
//! - COMPLIANT: the project doesn't build in privileged mode, which is off unless it is set.
//! - NON_COMPLIANT: `privilegedMode` is `true`.
//! - NOT_APPLICABLE: `exemptedProjects` names the project.
//! - INSUFFICIENT_DATA: the project's environment or its name was not read.
//!
//! ## What to do
//! Turn privileged mode off. Projects that build container images need it: exempt those.
//!
//! ## Source
//! AWS Config developer guide, managed rule `codebuild-project-environment-privileged-check`.

use crate::predicates::lists;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "codebuild-project-environment-privileged-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "CodeBuild projects don't build in privileged mode",
    resource_types: &[ResourceType::CodeBuildProject],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: EXEMPTED,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(NAME), own(PRIVILEGED)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Automation("ASR-RemoveCodeBuildPrivilegedMode"),
    check,
};

const NAME: Path = path("configuration.name");
const PRIVILEGED: Path = path("configuration.environment.privilegedMode");

const EXEMPTED: &str = "exemptedProjects";

fn check<'a>(project: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let exempted = params.list(EXEMPTED);
    if !exempted.is_empty() {
        let name = project.text(NAME)?;
        if lists::names(exempted, name) {
            let because = "the project is exempted";
            return Ok(Evaluation::not_applicable(NAME, name, because));
        }
    }
    let privileged = project.boolean(PRIVILEGED)?;
    if privileged == Some(true) {
        return Ok(Evaluation::non_compliant(PRIVILEGED, privileged, false));
    }
    Ok(Evaluation::compliant(PRIVILEGED, privileged))
}
