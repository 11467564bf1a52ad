//! Without a dead-letter queue, an event that a function fails on again and again is lost.
//!
//! ## Result
//! - COMPLIANT: the function has a dead-letter queue; one that `dlqArns` names, where it does.
//! - NON_COMPLIANT: it has none, or another one. A destination for failures is none: the guide
//!   asks for the queue.
//! - INSUFFICIENT_DATA: the function's dead-letter queue was not read.
//!
//! ## What to do
//! Name an SQS queue or an SNS topic as the function's dead-letter queue, let its role send to it,
//! and watch that it stays empty.
//!
//! ## Source
//! AWS Config developer guide, managed rule `lambda-dlq-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "lambda-dlq-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Lambda functions have a dead-letter queue",
    resource_types: &[ResourceType::LambdaFunction],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: DLQ_ARNS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(TARGET)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Steps,
    check,
};

const TARGET: Path = path("configuration.deadLetterConfig.targetArn");

const DLQ_ARNS: &str = "dlqArns";

fn check<'a>(function: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let target = function.text(TARGET)?;
    let Some(arn) = target.filter(|arn| !arn.is_empty()) else {
        return Ok(Evaluation::non_compliant(
            TARGET,
            target,
            "a dead-letter queue",
        ));
    };
    let wanted = params.list(DLQ_ARNS);
    if !wanted.is_empty() && !wanted.iter().any(|one| one == arn) {
        let expected = wanted.join(" or ");
        return Ok(Evaluation::non_compliant(TARGET, arn, expected));
    }
    Ok(Evaluation::compliant(TARGET, arn))
}
