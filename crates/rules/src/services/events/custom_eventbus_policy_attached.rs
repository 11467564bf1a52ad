//! Without a policy of its own, everybody whom IAM allows it in the account can use an event bus.
//!
//! ## Result
//! - COMPLIANT: the custom event bus has a resource-based policy. What it allows doesn't count.
//! - NON_COMPLIANT: it has none, or one without a statement.
//! - INSUFFICIENT_DATA: the event bus was not read, or its policy can't be understood.
//! - NOT_APPLICABLE: the event bus is the account's default one, or a partner's: not a custom one.
//!
//! ## What to do
//! Attach a policy that names who may put events on the bus, and who may make rules on it.
//!
//! ## Source
//! AWS Config developer guide, managed rule `custom-eventbus-policy-attached`.

use crate::predicates::{policy_document, unread};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "custom-eventbus-policy-attached",
    identifier: Identifier::FromId,
    version: 1,
    title: "Custom event buses have a policy",
    resource_types: &[ResourceType::EventsEventBus],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(NAME), own(POLICY)],
    severity: Severity::Low,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const NAME: Path = path("configuration.Name");
const POLICY: Path = path("configuration.Policy");

fn check<'a>(bus: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let Some(name) = bus.text(NAME)? else {
        return Err(unread::not_collected(NAME));
    };
    // A partner's event bus is called as its event source is; others have no `/` in their names.
    if name == "default" || name.starts_with("aws.partner/") {
        let because = "the event bus is not a custom one";
        return Ok(Evaluation::not_applicable(NAME, name, because));
    }
    let policy = bus.node(POLICY)?;
    let expected = "a policy";
    if policy.is_none() || policy_document::statements(bus, POLICY, policy)?.is_empty() {
        return Ok(Evaluation::non_compliant(POLICY, policy, expected));
    }
    Ok(Evaluation::compliant(POLICY, "attached"))
}
