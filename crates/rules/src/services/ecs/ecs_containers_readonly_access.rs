//! A container that cannot write to its own files cannot be made to run what somebody put there.
//!
//! ## Result
//! - COMPLIANT: the root file system of every container is read-only.
//! - NON_COMPLIANT: one is not: `readonlyRootFilesystem` is `false`, or not set, which means the
//!   same.
//! - NOT_APPLICABLE: the revision is not active, or a newer one of its family is.
//! - INSUFFICIENT_DATA: the revision's containers were not read, or nothing says which other
//!   revisions exist.
//!
//! ## What to do
//! Set `readonlyRootFilesystem` to `true`, mount a volume where the application writes, and let
//! the services use the new revision.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ecs-containers-readonly-access`.

use crate::evaluation::Place;
use crate::predicates::task_definitions::{self, ARN, CONTAINERS, FAMILY, REVISIONS, STATUS};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ecs-containers-readonly-access",
    identifier: Identifier::FromId,
    version: 1,
    title: "Containers of ECS tasks cannot write to their root file system",
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
    remedy: Remedy::Automation("ASR-LimitECSRootFilesystemAccess"),
    check,
};

const READ_ONLY: Path = path("configuration.ContainerDefinitions[*].ReadonlyRootFilesystem");

fn check<'a>(revision: &ConfigurationItem<'a>, _: &Params, context: &Context<'a>) -> Verdict<'a> {
    if let Some(passed_over) = task_definitions::passed_over(revision, context, false)? {
        return Ok(passed_over);
    }
    let containers = task_definitions::containers(revision)?;
    for (index, container) in containers.iter().enumerate() {
        let read_only = container.boolean("ReadonlyRootFilesystem");
        if read_only != Some(true) {
            let place = Place::element(READ_ONLY, index);
            return Ok(Evaluation::non_compliant(place, read_only, true));
        }
    }
    Ok(Evaluation::compliant(READ_ONLY, true))
}
