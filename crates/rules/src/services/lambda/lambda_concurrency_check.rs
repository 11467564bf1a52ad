//! A function without a limit of its own can use up what all functions of the Region share.
//!
//! ## Result
//! - COMPLIANT: the function has reserved concurrency; no less than `ConcurrencyLimitLow` and no
//!   more than `ConcurrencyLimitHigh`, where those are given.
//! - NON_COMPLIANT: it has none, or reserves less or more than that. The guide leaves open whether
//!   the two limits themselves are within: they are.
//! - INSUFFICIENT_DATA: the function's concurrency was not read.
//!
//! ## What to do
//! Reserve as many concurrent executions as the function needs at its peak. They are taken from
//! what the Region's other functions share, and a function that needs more is throttled.
//!
//! ## Source
//! AWS Config developer guide, managed rule `lambda-concurrency-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "lambda-concurrency-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Lambda functions have a concurrency limit of their own",
    resource_types: &[ResourceType::LambdaFunction],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: LOW,
            kind: Kind::Integer,
            default: None,
        },
        Parameter {
            name: HIGH,
            kind: Kind::Integer,
            default: None,
        },
    ],
    reads: &[own(RESERVED)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Steps,
    check,
};

const RESERVED: Path = path("supplementaryConfiguration.Concurrency.reservedConcurrentExecutions");

const LOW: &str = "ConcurrencyLimitLow";
const HIGH: &str = "ConcurrencyLimitHigh";

fn check<'a>(function: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let Some(reserved) = function.integer(RESERVED)? else {
        let expected = "reserved concurrency";
        return Ok(Evaluation::non_compliant(RESERVED, None::<i64>, expected));
    };
    if let Some(low) = params.optional_integer(LOW)
        && reserved < low
    {
        let expected = format!("{low} or more");
        return Ok(Evaluation::non_compliant(RESERVED, reserved, expected));
    }
    if let Some(high) = params.optional_integer(HIGH)
        && reserved > high
    {
        let expected = format!("{high} or less");
        return Ok(Evaluation::non_compliant(RESERVED, reserved, expected));
    }
    Ok(Evaluation::compliant(RESERVED, reserved))
}
