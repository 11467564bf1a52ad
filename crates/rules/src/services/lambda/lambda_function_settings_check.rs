//! A runtime that is no longer supported gets no security fixes; memory, time and role bound what
//! a function can do.
//!
//! ## Result
//! - COMPLIANT: the runtime is one of `runtime`; the role is `role`, where it is given; and memory
//!   and timeout are exactly `memorySize` and `timeout`, which AWS sets to 128 MB and 3 seconds
//!   where they are not given.
//! - NON_COMPLIANT: one of them is another.
//! - NOT_APPLICABLE: the function is an image, or its runtime is the operating system only: one of
//!   the `provided` family.
//! - INSUFFICIENT_DATA: the function's settings were not read, or `runtime` is not given.
//!
//! ## What to do
//! Move the function to a runtime that is supported, test it, and publish it. Measure it before
//! you change memory or timeout.
//!
//! ## Source
//! AWS Config developer guide, managed rule `lambda-function-settings-check`; Lambda developer
//! guide, OS-only runtimes.

use crate::predicates::lists;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "lambda-function-settings-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Lambda functions have the runtime, role, memory and timeout that are expected",
    resource_types: &[ResourceType::LambdaFunction],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: WANTED_RUNTIMES,
            kind: Kind::List,
            default: None,
        },
        Parameter {
            name: WANTED_ROLE,
            kind: Kind::Text,
            default: None,
        },
        Parameter {
            name: WANTED_MEMORY,
            kind: Kind::Integer,
            default: Some("128"),
        },
        Parameter {
            name: WANTED_TIMEOUT,
            kind: Kind::Integer,
            default: Some("3"),
        },
    ],
    reads: &[
        own(PACKAGE),
        own(RUNTIME),
        own(ROLE),
        own(MEMORY),
        own(TIMEOUT),
    ],
    severity: Severity::Medium,
    category: Category::SecureDevelopment,
    remedy: Remedy::Steps,
    check,
};

const PACKAGE: Path = path("configuration.packageType");
const RUNTIME: Path = path("configuration.runtime");
const ROLE: Path = path("configuration.role");
const MEMORY: Path = path("configuration.memorySize");
const TIMEOUT: Path = path("configuration.timeout");

const WANTED_RUNTIMES: &str = "runtime";
const WANTED_ROLE: &str = "role";
const WANTED_MEMORY: &str = "memorySize";
const WANTED_TIMEOUT: &str = "timeout";

fn check<'a>(function: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let runtimes = params.required_list(WANTED_RUNTIMES)?;
    let package = function.text(PACKAGE)?;
    if package == Some("Image") {
        let because = "the rule is not for images";
        return Ok(Evaluation::not_applicable(PACKAGE, package, because));
    }
    let runtime = function.text(RUNTIME)?;
    if runtime.is_some_and(|runtime| runtime.starts_with("provided")) {
        let because = "the rule is not for runtimes of the operating system only";
        return Ok(Evaluation::not_applicable(RUNTIME, runtime, because));
    }
    if !lists::names(runtimes, runtime) {
        let expected = runtimes.join(" or ");
        return Ok(Evaluation::non_compliant(RUNTIME, runtime, expected));
    }
    if let Some(wanted) = params.optional_text(WANTED_ROLE) {
        let role = function.text(ROLE)?;
        if !role.is_some_and(|arn| is_role(wanted, arn)) {
            return Ok(Evaluation::non_compliant(ROLE, role, wanted.to_owned()));
        }
    }
    for (place, name) in [(MEMORY, WANTED_MEMORY), (TIMEOUT, WANTED_TIMEOUT)] {
        let wanted = params.integer(name)?;
        let value = function.integer(place)?;
        if value != Some(wanted) {
            return Ok(Evaluation::non_compliant(place, value, wanted));
        }
    }
    Ok(Evaluation::compliant(RUNTIME, runtime))
}

/// Whether `wanted`, a role's ARN or its name, is the role with this ARN.
fn is_role(wanted: &str, arn: &str) -> bool {
    wanted == arn || arn.rsplit_once('/').is_some_and(|(_, name)| name == wanted)
}
