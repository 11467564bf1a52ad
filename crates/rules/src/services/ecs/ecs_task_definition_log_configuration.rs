//! What a container wrote is gone with it, unless its log was sent somewhere.
//!
//! ## Result
//! - COMPLIANT: every container names a log driver.
//! - NON_COMPLIANT: one has no log configuration, or one without a driver.
//! - NOT_APPLICABLE: the revision is not active, or a newer one of its family is.
//! - INSUFFICIENT_DATA: the revision's containers were not read, or nothing says which other
//!   revisions exist.
//!
//! ## What to do
//! Give every container a log configuration; `awslogs` sends to CloudWatch Logs. Let the services
//! use the new revision.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ecs-task-definition-log-configuration`.

use crate::evaluation::{Place, Shown};
use crate::predicates::task_definitions::{self, ARN, CONTAINERS, FAMILY, REVISIONS, STATUS};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ecs-task-definition-log-configuration",
    identifier: Identifier::FromId,
    version: 1,
    title: "Containers of ECS tasks send their logs somewhere",
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
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const DRIVER: Path = path("configuration.ContainerDefinitions[*].LogConfiguration.LogDriver");

fn check<'a>(revision: &ConfigurationItem<'a>, _: &Params, context: &Context<'a>) -> Verdict<'a> {
    if let Some(passed_over) = task_definitions::passed_over(revision, context, false)? {
        return Ok(passed_over);
    }
    let containers = task_definitions::containers(revision)?;
    for (index, container) in containers.iter().enumerate() {
        let log = container.get("LogConfiguration");
        if log.and_then(|log| log.text("LogDriver")).is_none() {
            let place = Place::element(DRIVER, index);
            return Ok(Evaluation::non_compliant(
                place,
                Shown::Nothing,
                "a log driver",
            ));
        }
    }
    Ok(Evaluation::compliant(DRIVER, "set for every container"))
}
