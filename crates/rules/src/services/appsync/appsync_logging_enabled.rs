//! Field logs say which resolver failed, and with which error; without them one can only guess.
//!
//! ## Result
//! - COMPLIANT: the API logs fields; at a level that `fieldLoggingLevel` names, if it is given.
//! - NON_COMPLIANT: the level is `NONE` or not set, or is not named.
//! - INSUFFICIENT_DATA: the API's log configuration was not read.
//!
//! ## What to do
//! Set the level to `ERROR`, and leave verbose content out: it holds what callers sent.
//!
//! ## Source
//! AWS Config developer guide, managed rule `appsync-logging-enabled`.

use crate::predicates::lists;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "appsync-logging-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "AppSync APIs log what their fields do",
    resource_types: &[ResourceType::AppSyncGraphQlApi],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: LEVELS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(LEVEL)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const LEVEL: Path = path("configuration.LogConfig.FieldLogLevel");

const LEVELS: &str = "fieldLoggingLevel";

fn check<'a>(api: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let level = api.text(LEVEL)?;
    let logged = level.filter(|level| *level != "NONE");
    let allowed = params.list(LEVELS);
    if let Some(expected) = lists::unmet(logged.as_slice(), allowed, "a level other than NONE") {
        return Ok(Evaluation::non_compliant(LEVEL, level, expected));
    }
    Ok(Evaluation::compliant(LEVEL, level))
}
