//! A container in its host's process namespace sees every process of the host, and can stop them.
//!
//! ## Result
//! - COMPLIANT: the process namespace is not the host's: `pidMode` is `task` or not set.
//! - NON_COMPLIANT: `pidMode` is `host`, or any other word.
//! - NOT_APPLICABLE: the revision is not active, or a newer one of its family is.
//! - INSUFFICIENT_DATA: the revision's process namespace was not read, or nothing says which other
//!   revisions exist.
//!
//! ## What to do
//! Take `pidMode` out of the task definition, or set it to `task` where containers of one task
//! need to see each other. Let the services use the new revision.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ecs-task-definition-pid-mode-check`.

use crate::predicates::task_definitions::{self, ARN, FAMILY, REVISIONS, STATUS};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ecs-task-definition-pid-mode-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "ECS tasks have a process namespace of their own",
    resource_types: &[ResourceType::EcsTaskDefinition],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[
        own(STATUS),
        own(FAMILY),
        own(ARN),
        Read::Other(REVISIONS),
        own(PID_MODE),
    ],
    severity: Severity::High,
    category: Category::ResourceConfiguration,
    remedy: Remedy::Steps,
    check,
};

const PID_MODE: Path = path("configuration.PidMode");

fn check<'a>(revision: &ConfigurationItem<'a>, _: &Params, context: &Context<'a>) -> Verdict<'a> {
    if let Some(passed_over) = task_definitions::passed_over(revision, context, false)? {
        return Ok(passed_over);
    }
    let mode = revision.text(PID_MODE)?;
    if !matches!(mode, None | Some("" | "task")) {
        let expected = "a process namespace of its own";
        return Ok(Evaluation::non_compliant(PID_MODE, mode, expected));
    }
    Ok(Evaluation::compliant(PID_MODE, mode))
}
