//! Whatever is launched without a security group gets the VPC's default one, and should then reach
//! nothing.
//!
//! ## Result
//! - COMPLIANT: the default security group has no inbound and no outbound rule.
//! - NON_COMPLIANT: it has one.
//! - NOT_APPLICABLE: the security group is not its VPC's default one.
//! - INSUFFICIENT_DATA: the security group was not read.
//!
//! ## What to do
//! Give what uses the default group a group of its own, then remove every rule of the default
//! group. It can't be deleted.
//!
//! ## Source
//! AWS Config developer guide, managed rule `vpc-default-security-group-closed`.

use crate::predicates::unread::recorded_list;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "vpc-default-security-group-closed",
    identifier: Identifier::FromId,
    version: 1,
    title: "Default security groups let nothing in or out",
    resource_types: &[ResourceType::Ec2SecurityGroup],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(NAME), own(INBOUND), own(OUTBOUND)],
    severity: Severity::High,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Automation("AWSConfigRemediation-RemoveVPCDefaultSecurityGroupRules"),
    check,
};

const NAME: Path = path("configuration.groupName");
const INBOUND: Path = path("configuration.ipPermissions");
const OUTBOUND: Path = path("configuration.ipPermissionsEgress");

fn check<'a>(group: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let name = group.text(NAME)?;
    if name != Some("default") {
        return Ok(Evaluation::not_applicable(
            NAME,
            name,
            "not a VPC's default security group",
        ));
    }
    for path in [INBOUND, OUTBOUND] {
        if let Some(rule) = recorded_list(group, path)?.first() {
            return Ok(Evaluation::non_compliant(path, *rule, "no rule"));
        }
    }
    Ok(Evaluation::compliant(INBOUND, "empty"))
}
