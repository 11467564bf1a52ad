//! An instance with feet in two networks is a way from one to the other, past what lies between
//! them.
//!
//! ## Result
//! - COMPLIANT: the instance has one network interface at most, or every one of its interfaces is
//!   among `NetworkInterfaceIds`.
//! - NON_COMPLIANT: it has several, and one that `NetworkInterfaceIds` doesn't name.
//! - INSUFFICIENT_DATA: the interfaces were not read.
//!
//! AWS doesn't say what the parameter does; it is read as the interfaces that are allowed, and all
//! of an instance's have to be.
//!
//! ## What to do
//! Detach the interfaces that the instance doesn't need. Where it has to have several, as nodes of
//! EKS do, name them in the parameter.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ec2-instance-multiple-eni-check`.

use crate::predicates::lists;
use crate::predicates::unread::{recorded_list, text};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ec2-instance-multiple-eni-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "EC2 instances have one network interface",
    resource_types: &[ResourceType::Ec2Instance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: ALLOWED,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(INTERFACES)],
    severity: Severity::Low,
    category: Category::NetworkSecurity,
    remedy: Remedy::Steps,
    check,
};

const INTERFACES: Path = path("configuration.networkInterfaces");

const ALLOWED: &str = "NetworkInterfaceIds";

fn check<'a>(instance: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let allowed = params.list(ALLOWED);
    let interfaces = recorded_list(instance, INTERFACES)?;
    let mut ids = Vec::new();
    let mut is_allowed = true;
    for interface in interfaces {
        let id = text(INTERFACES, *interface, "networkInterfaceId")?;
        ids.extend(id);
        is_allowed &= lists::names(allowed, id);
    }
    let found = lists::shown(&ids);
    if interfaces.len() > 1 && !is_allowed {
        let expected = "one network interface";
        return Ok(Evaluation::non_compliant(INTERFACES, found, expected));
    }
    Ok(Evaluation::compliant(INTERFACES, found))
}
