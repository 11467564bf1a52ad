//! A key in an environment variable can be read by everybody who can see the project, and is
//! printed by many builds.
//!
//! ## Result
//! - COMPLIANT: no variable named `AWS_ACCESS_KEY_ID` or `AWS_SECRET_ACCESS_KEY` holds plain text.
//! - NON_COMPLIANT: one does. One of the two is enough here; the guide names both and leaves open
//!   whether one alone fails. A variable without a type is plain text.
//! - INSUFFICIENT_DATA: the project's variables were not read.
//!
//! ## What to do
//! Give the project's service role the permissions that the build needs, delete the variables, and
//! deactivate the key: it has been seen. What must be a secret belongs in Secrets Manager or
//! Parameter Store.
//!
//! ## Source
//! AWS Config developer guide, managed rule `codebuild-project-envvar-awscred-check`.

use crate::predicates::unread::text;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "codebuild-project-envvar-awscred-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "CodeBuild projects hold no AWS access key in plain text",
    resource_types: &[ResourceType::CodeBuildProject],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(VARIABLES)],
    severity: Severity::Critical,
    category: Category::SecureDevelopment,
    remedy: Remedy::Automation("AWSConfigRemediation-DeleteAccessKeysFromCodeBuildProject"),
    check,
};

const VARIABLES: Path = path("configuration.environment.environmentVariables");

/// The types whose values lie elsewhere.
const STORES: [&str; 2] = ["PARAMETER_STORE", "SECRETS_MANAGER"];
const KEYS: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];

fn check<'a>(project: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    for variable in project.list(VARIABLES)? {
        let name = text(VARIABLES, *variable, "name")?;
        let kind = text(VARIABLES, *variable, "type")?;
        let is_plain = !kind.is_some_and(|kind| STORES.contains(&kind));
        if is_plain && name.is_some_and(|name| KEYS.contains(&name)) {
            // The name only: an explanation must not spread the key further.
            let expected = "no access key in plain text";
            return Ok(Evaluation::non_compliant(VARIABLES, name, expected));
        }
    }
    Ok(Evaluation::compliant(
        VARIABLES,
        "free of access keys in plain text",
    ))
}
