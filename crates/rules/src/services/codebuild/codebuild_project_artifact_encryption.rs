//! Artifacts of a build hold the code that will run; encryption decides who can read them by key.
//!
//! ## Result
//! - COMPLIANT: no artifact of the project has encryption disabled, primary or secondary.
//! - NON_COMPLIANT: `encryptionDisabled` is `true` for an artifact.
//! - INSUFFICIENT_DATA: the project's artifacts were not read.
//!
//! ## What to do
//! Turn encryption back on for the artifact that is named. CodeBuild encrypts with the S3 key of
//! the account where the project names no other.
//!
//! ## Source
//! AWS Config developer guide, managed rule `codebuild-project-artifact-encryption`.

use crate::predicates::unread::boolean;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "codebuild-project-artifact-encryption",
    identifier: Identifier::FromId,
    version: 1,
    title: "CodeBuild projects encrypt all of their artifacts",
    resource_types: &[ResourceType::CodeBuildProject],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ARTIFACTS), own(SECONDARY)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const ARTIFACTS: Path = path("configuration.artifacts");
const SECONDARY: Path = path("configuration.secondaryArtifacts");

fn check<'a>(project: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    for place in [ARTIFACTS, SECONDARY] {
        let Some(artifacts) = project.node(place)? else {
            continue;
        };
        for artifact in artifacts.one_or_many() {
            if boolean(place, *artifact, "encryptionDisabled")? == Some(true) {
                return Ok(Evaluation::non_compliant(place, *artifact, "encryption"));
            }
        }
    }
    Ok(Evaluation::compliant(ARTIFACTS, "encrypted"))
}
