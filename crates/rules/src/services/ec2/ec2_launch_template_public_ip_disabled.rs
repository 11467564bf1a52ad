//! A template that asks for public addresses puts every instance made from it on the internet.
//!
//! ## Result
//! - COMPLIANT: no network interface of the template has `AssociatePublicIpAddress` set to `true`,
//!   or `exemptedLaunchTemplates` names the template.
//! - NON_COMPLIANT: a network interface has it set to `true`.
//! - INSUFFICIENT_DATA: the template was not read.
//!
//! `LaunchTemplateData` is read as the default version's: AWS judges that one, and doesn't say
//! which one AWS Config records.
//!
//! ## What to do
//! Make a version of the template without the setting, and make it the default; then replace the
//! instances that came from the old one.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ec2-launch-template-public-ip-disabled`.

use crate::predicates::lists;
use crate::predicates::unread::boolean;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ec2-launch-template-public-ip-disabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Launch templates give instances no public address",
    resource_types: &[ResourceType::Ec2LaunchTemplate],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: EXEMPTED,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(ID), own(INTERFACES)],
    severity: Severity::High,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const ID: Path = path("configuration.Id");
const INTERFACES: Path = path("configuration.LaunchTemplateData.NetworkInterfaces");
const PUBLIC_ADDRESS: Path =
    path("configuration.LaunchTemplateData.NetworkInterfaces[*].AssociatePublicIpAddress");

const EXEMPTED: &str = "exemptedLaunchTemplates";

fn check<'a>(template: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let exempted = params.list(EXEMPTED);
    if !exempted.is_empty() {
        let id = template.text(ID)?;
        if lists::names(exempted, id) {
            return Ok(Evaluation::compliant(ID, id));
        }
    }
    for interface in template.list(INTERFACES)? {
        if boolean(INTERFACES, *interface, "AssociatePublicIpAddress")? == Some(true) {
            return Ok(Evaluation::non_compliant(PUBLIC_ADDRESS, true, false));
        }
    }
    Ok(Evaluation::compliant(
        PUBLIC_ADDRESS,
        "true for no network interface",
    ))
}
