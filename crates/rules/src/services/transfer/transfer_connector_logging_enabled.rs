//! A connector's log says which files went to a partner, and which didn't.
//!
//! ## Result
//! - COMPLIANT: the connector has a logging role.
//! - NON_COMPLIANT: it has none, and logs nothing to CloudWatch.
//! - INSUFFICIENT_DATA: the connector was not read.
//!
//! ## What to do
//! Give the connector a role that Transfer Family may assume and that may write to CloudWatch Logs.
//!
//! ## Source
//! AWS Config developer guide, managed rule `transfer-connector-logging-enabled`.

use crate::predicates::lists;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "transfer-connector-logging-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Transfer Family connectors log to CloudWatch",
    resource_types: &[ResourceType::TransferConnector],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ROLE)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const ROLE: Path = path("configuration.LoggingRole");

fn check<'a>(connector: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let role = connector.text(ROLE)?;
    if let Some(expected) = lists::unmet(role.as_slice(), &[], "a logging role") {
        return Ok(Evaluation::non_compliant(ROLE, role, expected));
    }
    Ok(Evaluation::compliant(ROLE, role))
}
