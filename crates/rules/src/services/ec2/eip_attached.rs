//! An Elastic IP address that nothing uses is billed, and tends to stand in allow lists that
//! nobody remembers.
//!
//! ## Result
//! - COMPLIANT: the address is associated with an instance, or with a network interface that is
//!   `in-use`.
//! - NON_COMPLIANT: the address is associated with nothing, or with a network interface that
//!   nothing uses.
//! - INSUFFICIENT_DATA: the address was not read, or it is associated with a network interface of
//!   which nothing is known.
//!
//! ## What to do
//! Take the address out of allow lists and DNS, then release it.
//!
//! ## Source
//! AWS Config developer guide, managed rule `eip-attached`.

use crate::predicates::unread::not_collected;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "eip-attached",
    identifier: Identifier::FromId,
    version: 1,
    title: "Elastic IP addresses are in use",
    resource_types: &[ResourceType::Ec2Eip],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[
        own(ASSOCIATION),
        own(INSTANCE),
        own(INTERFACE),
        Read::Other(INTERFACES),
    ],
    severity: Severity::Low,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Automation("AWS-ReleaseElasticIP"),
    check,
};

const ASSOCIATION: Path = path("configuration.associationId");
const INSTANCE: Path = path("configuration.instanceId");
const INTERFACE: Path = path("configuration.networkInterfaceId");
const STATUS: Path = path("configuration.status");

const INTERFACES: Other = other(
    ResourceType::Ec2NetworkInterface,
    By::Value(INTERFACE),
    &[STATUS],
);

fn check<'a>(address: &ConfigurationItem<'a>, _: &Params, context: &Context<'a>) -> Verdict<'a> {
    let association = address.text(ASSOCIATION)?;
    if association.is_none() {
        return Ok(Evaluation::non_compliant(
            ASSOCIATION,
            association,
            "an association",
        ));
    }
    let instance = address.text(INSTANCE)?;
    if instance.is_some_and(|id| !id.is_empty()) {
        return Ok(Evaluation::compliant(INSTANCE, instance));
    }
    let Some(interface) = address.text(INTERFACE)? else {
        let expected = "an instance or a network interface";
        return Ok(Evaluation::non_compliant(INTERFACE, None::<&str>, expected));
    };
    let interfaces = context.matching(address, &INTERFACES, interface)?;
    let Some(found) = interfaces.first() else {
        // An interface of another account that shares its subnet is not among this account's.
        return Err(not_collected(STATUS));
    };
    let status = found.text(STATUS)?;
    if status != Some("in-use") {
        return Ok(Evaluation::non_compliant(STATUS, status, "in-use"));
    }
    Ok(Evaluation::compliant(STATUS, status))
}
