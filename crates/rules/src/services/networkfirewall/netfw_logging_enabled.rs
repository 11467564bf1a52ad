//! A firewall that doesn't log leaves nobody the wiser about what it dropped.
//!
//! ## Result
//! - COMPLIANT: the firewall logs something; the types that `logType` (`alert`, `flow`, `both`)
//!   names, where it names some.
//! - NON_COMPLIANT: the firewall logs nothing, or not every type that `logType` names.
//! - INSUFFICIENT_DATA: the logging configuration was not read, or `logType` is another word.
//!
//! An item is the logging configuration of one firewall, and is there for those without logging
//! too.
//!
//! ## What to do
//! Give the firewall a destination for alert logs and one for flow logs.
//!
//! ## Source
//! AWS Config developer guide, managed rule `netfw-logging-enabled`.

use crate::predicates::{lists, parameter};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "netfw-logging-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Network firewalls log",
    resource_types: &[ResourceType::NetworkFirewallLoggingConfiguration],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: LOG_TYPE,
        kind: Kind::Text,
        default: None,
    }],
    reads: &[own(DESTINATIONS)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const DESTINATIONS: Path = path("configuration.LoggingConfiguration.LogDestinationConfigs");

const LOG_TYPE: &str = "logType";

fn check<'a>(firewall: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let wanted: &[&str] = match params.optional_text(LOG_TYPE) {
        None => &[],
        Some(word) if word.eq_ignore_ascii_case("alert") => &["ALERT"],
        Some(word) if word.eq_ignore_ascii_case("flow") => &["FLOW"],
        Some(word) if word.eq_ignore_ascii_case("both") => &["ALERT", "FLOW"],
        Some(word) => {
            let message = format!("is {word:?}, expected alert, flow or both");
            return Err(parameter::invalid(LOG_TYPE, message));
        }
    };
    let types: Vec<&str> = firewall
        .list(DESTINATIONS)?
        .iter()
        .filter_map(|destination| destination.text("LogType"))
        .collect();
    let found = lists::shown(&types);
    if types.is_empty() {
        let expected = "a log destination";
        return Ok(Evaluation::non_compliant(DESTINATIONS, found, expected));
    }
    if !wanted.iter().all(|wanted| types.contains(wanted)) {
        let expected = wanted.join(", ");
        return Ok(Evaluation::non_compliant(DESTINATIONS, found, expected));
    }
    Ok(Evaluation::compliant(DESTINATIONS, found))
}
