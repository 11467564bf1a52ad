//! Execution logs say why an API refused or failed a call; without them one can only guess.
//!
//! ## Result
//! - COMPLIANT: every method or route logs at a level that `loggingLevel` names (`ERROR`, `INFO`).
//! - NON_COMPLIANT: one logs at another level, `OFF` among them, or at none.
//! - INSUFFICIENT_DATA: the stage was not read.
//!
//! Methods and routes without settings of their own have those of `*/*` and `defaultRouteSettings`;
//! where these are missing, the stage fails. HTTP APIs have no execution logs, and AWS's page
//! doesn't spare them: their stages fail.
//!
//! ## What to do
//! Give API Gateway a role that may write to CloudWatch Logs, once for the Region, and set the
//! stage's level to `ERROR`. Data tracing writes whole requests to the log: leave it off.
//!
//! ## Source
//! AWS Config developer guide, managed rule `api-gw-execution-logging-enabled`.

use crate::predicates::methods;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "api-gw-execution-logging-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "API Gateway stages log what every method does",
    resource_types: &[
        ResourceType::ApiGatewayStage,
        ResourceType::ApiGatewayV2Stage,
    ],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: LEVELS,
        kind: Kind::List,
        default: Some("ERROR,INFO"),
    }],
    reads: &[own(SETTINGS), own(DEFAULT_LEVEL), own(ROUTES)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Automation("ASR-EnableAPIGatewayExecutionLogs"),
    check,
};

const SETTINGS: Path = path("configuration.methodSettings");
const DEFAULT_LEVEL: Path = path("configuration.defaultRouteSettings.loggingLevel");
const ROUTES: Path = path("configuration.routeSettings");

const LEVELS: &str = "loggingLevel";

fn check<'a>(stage: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let levels = params.list(LEVELS);
    let logs = |level: &str| levels.iter().any(|allowed| allowed == level);
    let expected = levels.join(" or ");
    if stage.resource_type() == Some(ResourceType::ApiGatewayV2Stage) {
        let level = stage.text(DEFAULT_LEVEL)?;
        if !level.is_some_and(logs) {
            return Ok(Evaluation::non_compliant(DEFAULT_LEVEL, level, expected));
        }
        for (route, settings) in stage.node(ROUTES)?.map_or(&[][..], Node::members) {
            if let Some(level) = settings.text("loggingLevel").filter(|level| !logs(level)) {
                let found = format!("{level} for {route}");
                return Ok(Evaluation::non_compliant(ROUTES, found, expected));
            }
        }
        return Ok(Evaluation::compliant(DEFAULT_LEVEL, level));
    }
    let method_logs = |setting: Node<'a>| setting.text("loggingLevel").is_some_and(logs);
    let settings = stage.node(SETTINGS)?;
    if let Some(key) = methods::first_failing(settings, method_logs) {
        let level = settings.and_then(|all| all.get(key)?.text("loggingLevel"));
        let found = format!("{} for {key}", level.unwrap_or("no level"));
        return Ok(Evaluation::non_compliant(SETTINGS, found, expected));
    }
    Ok(Evaluation::compliant(SETTINGS, "a log for every method"))
}
