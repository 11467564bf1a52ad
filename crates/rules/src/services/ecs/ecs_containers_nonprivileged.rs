//! A privileged container has root's powers on the machine that it runs on.
//!
//! ## Result
//! - COMPLIANT: no container is privileged; one that doesn't say so is not.
//! - NON_COMPLIANT: `privileged` is `true` for one.
//! - NOT_APPLICABLE: the revision is not active, or a newer one of its family is.
//! - INSUFFICIENT_DATA: the revision's containers were not read or can't be understood, or nothing
//!   says which other revisions exist.
//!
//! ## What to do
//! Leave `privileged` out, add the single Linux capabilities that the container needs, and let the
//! services use the new revision.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ecs-containers-nonprivileged`.

use crate::evaluation::Place;
use crate::predicates::task_definitions::{self, ARN, CONTAINERS, FAMILY, REVISIONS, STATUS};
use crate::predicates::unread;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ecs-containers-nonprivileged",
    identifier: Identifier::FromId,
    version: 1,
    title: "Containers of ECS tasks are not privileged",
    resource_types: &[ResourceType::EcsTaskDefinition],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[
        own(STATUS),
        own(FAMILY),
        own(ARN),
        Read::Other(REVISIONS),
        own(CONTAINERS),
    ],
    severity: Severity::High,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const PRIVILEGED: Path = path("configuration.ContainerDefinitions[*].Privileged");

fn check<'a>(revision: &ConfigurationItem<'a>, _: &Params, context: &Context<'a>) -> Verdict<'a> {
    if let Some(passed_over) = task_definitions::passed_over(revision, context, false)? {
        return Ok(passed_over);
    }
    let containers = task_definitions::containers(revision)?;
    for (index, container) in containers.iter().enumerate() {
        let privileged = unread::boolean(CONTAINERS, *container, "Privileged")?;
        if privileged == Some(true) {
            let place = Place::element(PRIVILEGED, index);
            return Ok(Evaluation::non_compliant(place, privileged, false));
        }
    }
    Ok(Evaluation::compliant(PRIVILEGED, "true for no container"))
}
