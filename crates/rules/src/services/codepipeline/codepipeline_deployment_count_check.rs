//! A first stage that deploys to one place finds a bad version before it is everywhere.
//!
//! ## Result
//! - COMPLIANT: the first stage that deploys has one deployment; and each later one has at most
//!   `deploymentLimit`, where it is given.
//! - NON_COMPLIANT: the first stage that deploys has more than one deployment, or a later one has
//!   more than the limit.
//! - NOT_APPLICABLE: the pipeline deploys nothing.
//! - INSUFFICIENT_DATA: the pipeline's stages were not read.
//!
//! ## What to do
//! Split the first stage that deploys: one deployment in it, the others in stages behind it.
//!
//! ## Source
//! AWS Config developer guide, managed rule `codepipeline-deployment-count-check`.

use crate::predicates::unread::{list, text};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "codepipeline-deployment-count-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "The first stage of a pipeline that deploys does so once",
    resource_types: &[ResourceType::CodePipelinePipeline],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: LIMIT,
        kind: Kind::Integer,
        default: None,
    }],
    reads: &[own(STAGES)],
    severity: Severity::Medium,
    category: Category::ResourceConfiguration,
    remedy: Remedy::Steps,
    check,
};

const STAGES: Path = path("configuration.pipeline.stages");

const LIMIT: &str = "deploymentLimit";

fn check<'a>(pipeline: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let mut counts = Vec::new();
    for stage in pipeline.list(STAGES)? {
        counts.push(deployments(*stage)?);
    }
    let mut deploying = counts.into_iter().filter(|count| *count > 0);
    let Some(first) = deploying.next() else {
        let because = "the pipeline deploys nothing";
        return Ok(Evaluation::not_applicable(
            STAGES,
            "without deployments",
            because,
        ));
    };
    if first > 1 {
        let found = format!("{first} deployments in the first stage that deploys");
        return Ok(Evaluation::non_compliant(STAGES, found, "1 deployment"));
    }
    if let Some(limit) = params.optional_integer(LIMIT)
        && let Some(count) = deploying.find(|count| *count > limit)
    {
        let found = format!("{count} deployments in a later stage");
        let expected = format!("at most {limit}");
        return Ok(Evaluation::non_compliant(STAGES, found, expected));
    }
    Ok(Evaluation::compliant(
        STAGES,
        "1 deployment in the first stage that deploys",
    ))
}

/// The number of a stage's actions that deploy.
fn deployments(stage: Node<'_>) -> Result<i64, InsufficientData> {
    let mut count = 0;
    for action in list(STAGES, stage, "actions")? {
        let kind = action.get("actionTypeId").unwrap_or(Node::Null);
        let category = text(STAGES, kind, "category")?;
        count += i64::from(category == Some("Deploy"));
    }
    Ok(count)
}
