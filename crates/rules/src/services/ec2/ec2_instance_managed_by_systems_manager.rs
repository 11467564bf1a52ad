//! An instance that Systems Manager can't reach is patched, inventoried and repaired by hand, or
//! not at all.
//!
//! ## Result
//! - COMPLIANT: the instance runs, and its entry in Systems Manager's inventory says `Active`.
//! - NON_COMPLIANT: the instance runs, and has no entry, or one that says anything else:
//!   `Stopped`, `Terminated`, `ConnectionLost`.
//! - NOT_APPLICABLE: the instance doesn't run. AWS only says that it doesn't fail.
//! - INSUFFICIENT_DATA: the instance's state was not read, its entry holds no status, or nothing
//!   says whether there are entries.
//!
//! ## What to do
//! See that the SSM Agent is installed and runs, that the instance's role allows
//! `AmazonSSMManagedInstanceCore`, and that it can reach the Systems Manager endpoints.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ec2-instance-managed-by-systems-manager`.

use crate::predicates::unread::not_collected;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ec2-instance-managed-by-systems-manager",
    identifier: Identifier::Named("EC2_INSTANCE_MANAGED_BY_SSM"),
    version: 1,
    title: "Running EC2 instances are managed by Systems Manager",
    resource_types: &[ResourceType::Ec2Instance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(STATE), Read::Other(INVENTORY)],
    severity: Severity::Medium,
    category: Category::Inventory,
    remedy: Remedy::Automation("ASR-AttachSSMPermissionsToEC2"),
    check,
};

const STATE: Path = path("configuration.state.name");
const AGENT: Path = path("supplementaryConfiguration.instanceStatus");

const INVENTORY: Other = other(
    ResourceType::SsmManagedInstanceInventory,
    By::Value(path("resourceId")),
    &[AGENT],
);

fn check<'a>(instance: &ConfigurationItem<'a>, _: &Params, context: &Context<'a>) -> Verdict<'a> {
    let state = instance.text(STATE)?;
    if state != Some("running") {
        return Ok(Evaluation::not_applicable(
            STATE,
            state,
            "the instance is not running",
        ));
    }
    let entries = context.matching(instance, &INVENTORY, instance.resource_id())?;
    let Some(entry) = entries.first() else {
        return Ok(Evaluation::non_compliant(AGENT, "not managed", "Active"));
    };
    let agent = entry.text(AGENT)?;
    match agent {
        Some("Active") => Ok(Evaluation::compliant(AGENT, agent)),
        Some(_) => Ok(Evaluation::non_compliant(AGENT, agent, "Active")),
        // Inventory was once sent in, which doesn't say that the agent runs today.
        None => Err(not_collected(AGENT)),
    }
}
