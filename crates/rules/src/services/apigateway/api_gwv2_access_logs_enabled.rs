//! An access log says who called what and when.
//!
//! ## Result
//! - COMPLIANT: the stage's access log has a destination.
//! - NON_COMPLIANT: the stage has no access log, or one that goes nowhere.
//! - INSUFFICIENT_DATA: the stage was not read.
//!
//! ## What to do
//! Give the stage a log group and a format; JSON is easiest to search.
//!
//! ## Source
//! AWS Config developer guide, managed rule `api-gwv2-access-logs-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "api-gwv2-access-logs-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Stages of HTTP and WebSocket APIs write access logs",
    resource_types: &[ResourceType::ApiGatewayV2Stage],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(DESTINATION)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const DESTINATION: Path = path("configuration.accessLogSettings.destinationArn");

fn check<'a>(stage: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let destination = stage.text(DESTINATION)?;
    if destination.is_none_or(str::is_empty) {
        let expected = "a log group or stream";
        return Ok(Evaluation::non_compliant(
            DESTINATION,
            destination,
            expected,
        ));
    }
    Ok(Evaluation::compliant(DESTINATION, destination))
}
