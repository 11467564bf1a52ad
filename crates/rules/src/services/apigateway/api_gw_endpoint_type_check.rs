//! The type of its endpoint decides who can reach an API: a VPC, a Region, or everybody by
//! CloudFront.
//!
//! ## Result
//! - COMPLIANT: every type of the API's endpoint is one that `endpointConfigurationTypes` names.
//! - NON_COMPLIANT: a type is not named, or the endpoint has none.
//! - INSUFFICIENT_DATA: the endpoint was not read, or the parameter, which AWS requires, has no
//!   value.
//!
//! ## What to do
//! Change the endpoint's type; API Gateway goes from edge-optimized to private in two steps.
//! Clients of a private API need a VPC endpoint, and the API needs a resource policy.
//!
//! ## Source
//! AWS Config developer guide, managed rule `api-gw-endpoint-type-check`.

use crate::predicates::lists;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "api-gw-endpoint-type-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "REST APIs have endpoints of an allowed type",
    resource_types: &[ResourceType::ApiGatewayRestApi],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: ALLOWED,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(TYPES)],
    severity: Severity::Medium,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const TYPES: Path = path("configuration.endpointConfiguration.types");

const ALLOWED: &str = "endpointConfigurationTypes";

fn check<'a>(api: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let allowed = params.required_list(ALLOWED)?;
    let types: Vec<&str> = api
        .list(TYPES)?
        .iter()
        .filter_map(|kind| kind.as_text())
        .collect();
    let found = lists::shown(&types);
    if let Some(expected) = lists::unmet(&types, allowed, "a type") {
        return Ok(Evaluation::non_compliant(TYPES, found, expected));
    }
    Ok(Evaluation::compliant(TYPES, found))
}
