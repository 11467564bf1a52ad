//! A Glue version brings its own Spark and Python, and no fixes once AWS ended its support.
//!
//! ## Result
//! - COMPLIANT: the Spark job runs on `minimumSupportedGlueVersion` or later.
//! - NON_COMPLIANT: it runs on an earlier version, or says none: Glue then takes 0.9.
//! - NOT_APPLICABLE: the job is no Spark job.
//! - INSUFFICIENT_DATA: the job was not read, its version can't be read, or the parameter, which
//!   AWS requires, has no value or is no version.
//!
//! ## What to do
//! Move the job to a supported Glue version: read what changed in Spark and Python between the two,
//! and run it on a copy of its data first.
//!
//! ## Source
//! AWS Config developer guide, managed rule `glue-spark-job-supported-version`.

use crate::predicates::{parameter, unread};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "glue-spark-job-supported-version",
    identifier: Identifier::FromId,
    version: 1,
    title: "Glue's Spark jobs run on a supported version",
    resource_types: &[ResourceType::GlueJob],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: MINIMUM,
        kind: Kind::Text,
        default: None,
    }],
    reads: &[own(COMMAND), own(VERSION)],
    severity: Severity::Medium,
    category: Category::VulnerabilityPatchAndVersionManagement,
    remedy: Remedy::Steps,
    check,
};

const COMMAND: Path = path("configuration.Command.Name");
const VERSION: Path = path("configuration.GlueVersion");

const MINIMUM: &str = "minimumSupportedGlueVersion";

fn check<'a>(job: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let minimum = params.text(MINIMUM)?;
    let Some(wanted) = numbers(minimum) else {
        let message = format!("is {minimum:?}, expected a version such as 3.0");
        return Err(parameter::invalid(MINIMUM, message));
    };
    let Some(command) = job.text(COMMAND)? else {
        return Err(unread::not_collected(COMMAND));
    };
    if !matches!(command, "glueetl" | "gluestreaming") {
        let because = "the rule is for Spark jobs";
        return Ok(Evaluation::not_applicable(COMMAND, command, because));
    }
    let expected = format!("at least {minimum}");
    let Some(version) = job.text(VERSION)? else {
        return Ok(Evaluation::non_compliant(VERSION, None::<&str>, expected));
    };
    let Some(found) = numbers(version) else {
        return Err(unread::malformed(VERSION, version, "a version such as 3.0"));
    };
    if found < wanted {
        return Ok(Evaluation::non_compliant(VERSION, version, expected));
    }
    Ok(Evaluation::compliant(VERSION, version))
}

/// The numbers of a version; none where it is something else.
fn numbers(version: &str) -> Option<Vec<u32>> {
    version.split('.').map(|part| part.parse().ok()).collect()
}
