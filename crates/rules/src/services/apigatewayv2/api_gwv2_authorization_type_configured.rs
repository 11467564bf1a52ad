//! A route without authorization answers everybody who finds it.
//!
//! ## Result
//! - COMPLIANT: the route's authorization type is `AWS_IAM`, `CUSTOM` or `JWT`; the one that
//!   `authorizationType` says, if it is given.
//! - NON_COMPLIANT: it is `NONE` or not set, or another than the parameter says.
//! - INSUFFICIENT_DATA: the route was not read, or the parameter is another word.
//!
//! ## What to do
//! Give the route an authorizer, or IAM authorization. Of a WebSocket API only the route `$connect`
//! can have one.
//!
//! ## Source
//! AWS Config developer guide, managed rule `api-gwv2-authorization-type-configured`.

use crate::predicates::parameter;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "api-gwv2-authorization-type-configured",
    identifier: Identifier::FromId,
    version: 1,
    title: "Routes of HTTP and WebSocket APIs have an authorization type",
    resource_types: &[ResourceType::ApiGatewayV2Route],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: WANTED,
        kind: Kind::Text,
        default: None,
    }],
    reads: &[own(AUTHORIZATION)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const AUTHORIZATION: Path = path("configuration.AuthorizationType");

const WANTED: &str = "authorizationType";

const TYPES: [&str; 3] = ["AWS_IAM", "CUSTOM", "JWT"];

fn check<'a>(route: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let wanted = params.optional_text(WANTED);
    if let Some(wanted) = wanted
        && !TYPES.contains(&wanted)
    {
        let message = format!("is {wanted:?}, expected AWS_IAM, CUSTOM or JWT");
        return Err(parameter::invalid(WANTED, message));
    }
    let authorization = route.text(AUTHORIZATION)?;
    let is_met = match wanted {
        Some(_) => authorization == wanted,
        None => authorization.is_some_and(|kind| TYPES.contains(&kind)),
    };
    if !is_met {
        let expected = wanted.map_or_else(|| TYPES.join(" or "), str::to_owned);
        return Ok(Evaluation::non_compliant(
            AUTHORIZATION,
            authorization,
            expected,
        ));
    }
    Ok(Evaluation::compliant(AUTHORIZATION, authorization))
}
