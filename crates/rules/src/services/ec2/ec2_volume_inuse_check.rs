//! A volume that no instance uses is billed, and holds data that nobody looks after.
//!
//! ## Result
//! - COMPLIANT: the volume is attached to an instance; and is deleted with it, where
//!   `deleteOnTermination` is `true`.
//! - NON_COMPLIANT: the volume is attached to no instance, or stays behind where it must not.
//! - INSUFFICIENT_DATA: the volume's attachments were not read.
//!
//! An attachment counts in the state `attached` only. AWS also fails a volume of a terminated
//! instance; such a volume leaves that state when EC2 detaches it.
//!
//! ## What to do
//! Find whose it is. Take a snapshot of what may still be of use, then delete the volume. For
//! volumes that must go with their instance, set `DeleteOnTermination` on the instance.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ec2-volume-inuse-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ec2-volume-inuse-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "EBS volumes are attached to an instance",
    resource_types: &[ResourceType::Ec2Volume],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: DELETE,
        kind: Kind::Boolean,
        default: None,
    }],
    reads: &[own(ATTACHMENTS)],
    severity: Severity::Medium,
    category: Category::Inventory,
    remedy: Remedy::Automation("AWSConfigRemediation-DeleteUnusedEBSVolume"),
    check,
};

const ATTACHMENTS: Path = path("configuration.attachments");

const DELETE: &str = "deleteOnTermination";

fn check<'a>(volume: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let attachments: Vec<Node<'a>> = volume
        .list(ATTACHMENTS)?
        .iter()
        .copied()
        .filter(|attachment| attachment.text("state") == Some("attached"))
        .collect();
    if attachments.is_empty() {
        return Ok(Evaluation::non_compliant(
            ATTACHMENTS,
            "without an attached instance",
            "an instance",
        ));
    }
    if params.is_true(DELETE) {
        let stays = attachments
            .into_iter()
            .find(|attachment| attachment.boolean("deleteOnTermination") != Some(true));
        if let Some(attachment) = stays {
            let expected = "deleteOnTermination true";
            return Ok(Evaluation::non_compliant(ATTACHMENTS, attachment, expected));
        }
    }
    Ok(Evaluation::compliant(
        ATTACHMENTS,
        "attached to an instance",
    ))
}
