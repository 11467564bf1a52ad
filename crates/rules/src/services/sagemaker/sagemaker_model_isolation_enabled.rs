//! A model's container that reaches the network can send out what it is asked, and itself.
//!
//! ## Result
//! - COMPLIANT: `EnableNetworkIsolation` is true.
//! - NON_COMPLIANT: it is false or not set.
//! - INSUFFICIENT_DATA: the model was not read.
//!
//! ## What to do
//! A model can't be changed: make a new one with network isolation and point the endpoint
//! configuration to it. A container that fetches something when it starts needs it in its image or
//! among the model's data.
//!
//! ## Source
//! AWS Config developer guide, managed rule `sagemaker-model-isolation-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "sagemaker-model-isolation-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "SageMaker models are isolated from the network",
    resource_types: &[ResourceType::SageMakerModel],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ISOLATION)],
    severity: Severity::Medium,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const ISOLATION: Path = path("configuration.EnableNetworkIsolation");

fn check<'a>(model: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let isolation = model.boolean(ISOLATION)?;
    if isolation != Some(true) {
        return Ok(Evaluation::non_compliant(ISOLATION, isolation, true));
    }
    Ok(Evaluation::compliant(ISOLATION, isolation))
}
