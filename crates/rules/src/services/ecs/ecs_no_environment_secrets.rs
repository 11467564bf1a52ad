//! A secret in an environment variable is read by whoever may describe the task definition, and
//! stays in it for good.
//!
//! ## Result
//! - COMPLIANT: no container has an environment variable that `secretKeys` names. Only names are
//!   read, never values, and not what comes from files in S3.
//! - NON_COMPLIANT: one has.
//! - NOT_APPLICABLE: the revision is not active, or a newer one of its family is.
//! - INSUFFICIENT_DATA: `secretKeys` is missing, the revision's containers were not read or can't
//!   be understood, or nothing says which other revisions exist.
//!
//! ## What to do
//! Change the secret, since it has been seen. Keep the new one in Secrets Manager or Parameter
//! Store, let the container name it among its `secrets`, and delete the revisions that hold the old
//! one. For AWS keys, use the task's role instead.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ecs-no-environment-secrets`.

use crate::evaluation::Place;
use crate::predicates::task_definitions::{self, ARN, CONTAINERS, FAMILY, REVISIONS, STATUS};
use crate::predicates::{lists, unread};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ecs-no-environment-secrets",
    identifier: Identifier::FromId,
    version: 1,
    title: "Containers of ECS tasks have no secrets in their environment",
    resource_types: &[ResourceType::EcsTaskDefinition],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: SECRET_KEYS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[
        own(STATUS),
        own(FAMILY),
        own(ARN),
        Read::Other(REVISIONS),
        own(CONTAINERS),
    ],
    severity: Severity::High,
    category: Category::SecureDevelopment,
    remedy: Remedy::Steps,
    check,
};

const VARIABLES: Path = path("configuration.ContainerDefinitions[*].Environment");

const SECRET_KEYS: &str = "secretKeys";

fn check<'a>(
    revision: &ConfigurationItem<'a>,
    params: &Params,
    context: &Context<'a>,
) -> Verdict<'a> {
    if let Some(passed_over) = task_definitions::passed_over(revision, context, false)? {
        return Ok(passed_over);
    }
    let secrets = params.required_list(SECRET_KEYS)?;
    let containers = task_definitions::containers(revision)?;
    for (index, container) in containers.iter().enumerate() {
        for variable in unread::list(CONTAINERS, *container, "Environment")? {
            let name = unread::text(VARIABLES, *variable, "Name")?;
            let name = name.ok_or_else(|| unread::not_collected(VARIABLES))?;
            if lists::names(secrets, Some(name)) {
                let place = Place::element(VARIABLES, index);
                let expected = format!("none of {}", secrets.join(", "));
                return Ok(Evaluation::non_compliant(place, name, expected));
            }
        }
    }
    let found = "without the names of secrets";
    Ok(Evaluation::compliant(VARIABLES, found))
}
