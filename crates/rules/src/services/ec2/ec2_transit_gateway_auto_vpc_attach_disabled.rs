//! A transit gateway that accepts attachments by itself lets every account it is shared with join
//! its network.
//!
//! ## Result
//! - COMPLIANT: `AutoAcceptSharedAttachments` is `disable` or not set.
//! - NON_COMPLIANT: `AutoAcceptSharedAttachments` is `enable`, or any other word.
//! - INSUFFICIENT_DATA: the transit gateway was not read.
//!
//! ## What to do
//! Turn the option off, and look through the attachments that it let in: they stay.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ec2-transit-gateway-auto-vpc-attach-disabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ec2-transit-gateway-auto-vpc-attach-disabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Transit gateways accept no attachment by themselves",
    resource_types: &[ResourceType::Ec2TransitGateway],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(AUTO_ACCEPT)],
    severity: Severity::High,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Automation("ASR-DisableTGWAutoAcceptSharedAttachments"),
    check,
};

const AUTO_ACCEPT: Path = path("configuration.AutoAcceptSharedAttachments");

fn check<'a>(gateway: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let accepts = gateway.text(AUTO_ACCEPT)?;
    // EC2 leaves the option off unless it is asked for.
    if !matches!(accepts, None | Some("disable")) {
        return Ok(Evaluation::non_compliant(AUTO_ACCEPT, accepts, "disable"));
    }
    Ok(Evaluation::compliant(AUTO_ACCEPT, accepts))
}
