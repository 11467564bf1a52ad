//! A trace shows which part of an API was slow or failed, and for whom.
//!
//! ## Result
//! - COMPLIANT: `tracingEnabled` is `true`.
//! - NON_COMPLIANT: `tracingEnabled` is `false` or not set.
//! - INSUFFICIENT_DATA: the stage was not read.
//!
//! ## What to do
//! Turn on tracing for the stage; it takes effect without a deployment. Traces are billed by their
//! number: sample.
//!
//! ## Source
//! AWS Config developer guide, managed rule `api-gw-xray-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "api-gw-xray-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "API Gateway stages trace with X-Ray",
    resource_types: &[ResourceType::ApiGatewayStage],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(TRACING)],
    severity: Severity::Low,
    category: Category::DetectionServices,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableAPIGatewayTracing"),
    check,
};

const TRACING: Path = path("configuration.tracingEnabled");

fn check<'a>(stage: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let tracing = stage.boolean(TRACING)?;
    if tracing != Some(true) {
        return Ok(Evaluation::non_compliant(TRACING, tracing, true));
    }
    Ok(Evaluation::compliant(TRACING, tracing))
}
