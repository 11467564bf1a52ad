//! A variant on one instance is in one Availability Zone, and answers nobody while that fails.
//!
//! ## Result
//! - COMPLIANT: each production variant starts on two instances or more.
//! - NON_COMPLIANT: a variant starts on one.
//! - NOT_APPLICABLE: all variants are serverless; SageMaker spreads those itself.
//! - INSUFFICIENT_DATA: the endpoint configuration was not read, or a variant that is not
//!   serverless doesn't say how many instances it starts on.
//!
//! ## What to do
//! An endpoint configuration can't be changed: make a new one with two instances or more for each
//! variant, and update the endpoint to it.
//!
//! ## Source
//! AWS Config developer guide, managed rule `sagemaker-endpoint-config-prod-instance-count`;
//! SageMaker API reference, `ProductionVariant`.

use crate::predicates::unread;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "sagemaker-endpoint-config-prod-instance-count",
    identifier: Identifier::FromId,
    version: 1,
    title: "Production variants of SageMaker endpoints run on more than one instance",
    resource_types: &[ResourceType::SageMakerEndpointConfig],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(VARIANTS)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Steps,
    check,
};

const VARIANTS: Path = path("configuration.ProductionVariants");

fn check<'a>(config: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let mut counts = Vec::new();
    for variant in unread::recorded_list(config, VARIANTS)? {
        let count = unread::integer(VARIANTS, *variant, "InitialInstanceCount")?;
        let is_serverless = matches!(variant.get("ServerlessConfig"), Some(Node::Object(_)));
        if count.is_some() || !is_serverless {
            counts.push(count);
        }
    }
    if let Some(count) = counts.iter().flatten().find(|count| **count < 2) {
        return Ok(Evaluation::non_compliant(VARIANTS, *count, "at least 2"));
    }
    if counts.is_empty() {
        let because = "no variant has instances of its own";
        return Ok(Evaluation::not_applicable(VARIANTS, "serverless", because));
    }
    if counts.contains(&None) {
        return Err(unread::not_collected(VARIANTS));
    }
    let fewest = counts.into_iter().flatten().min();
    Ok(Evaluation::compliant(VARIANTS, fewest))
}
