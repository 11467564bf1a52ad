//! SSH that answers the whole internet is tried by somebody all the time.
//!
//! ## Result
//! - COMPLIANT: no rule lets every IPv4 or IPv6 address in on TCP port 22.
//! - NON_COMPLIANT: a rule lets `0.0.0.0/0` or `::/0` in on a range that holds port 22.
//! - INSUFFICIENT_DATA: the security group's rules were not read, or one can't be understood.
//!
//! ## What to do
//! Name the addresses that need SSH, or use Session Manager, which needs no open port at all.
//!
//! ## Source
//! AWS Config developer guide, managed rule `restricted-ssh`.

use crate::predicates::ports;
use crate::predicates::unread::recorded_list;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "restricted-ssh",
    identifier: Identifier::Named("INCOMING_SSH_DISABLED"),
    version: 1,
    title: "Security groups let nobody in on SSH from everywhere",
    resource_types: &[ResourceType::Ec2SecurityGroup],
    trigger: Trigger::ConfigurationChangeAndPeriodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(PERMISSIONS)],
    severity: Severity::High,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Automation("AWS-DisablePublicAccessForSecurityGroup"),
    check,
};

const PERMISSIONS: Path = path("configuration.ipPermissions");

const SSH: i64 = 22;

fn check<'a>(group: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    for permission in recorded_list(group, PERMISSIONS)? {
        let traffic = ports::traffic(PERMISSIONS, *permission)?;
        if traffic.tcp_port_of(&(SSH..=SSH)).is_none() {
            continue;
        }
        if let Some(source) = ports::open_source(PERMISSIONS, *permission)? {
            let expected = "no access to TCP port 22 from every address";
            let found = format!("open to {source}");
            return Ok(Evaluation::non_compliant(PERMISSIONS, found, expected));
        }
    }
    Ok(Evaluation::compliant(
        PERMISSIONS,
        "closed to TCP port 22 from every address",
    ))
}
