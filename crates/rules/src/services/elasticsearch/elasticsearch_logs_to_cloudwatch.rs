//! Logs in CloudWatch tell why a domain is slow or failing, and who asked it what, after the
//! domain itself has forgotten.
//!
//! ## Result
//! - COMPLIANT: the domain publishes every type of log that `logTypes` names; where it is not
//!   given, any one.
//! - NON_COMPLIANT: one that is named is not published; where none is named, none is.
//! - INSUFFICIENT_DATA: the domain's logs were not read, or `logTypes` names something else than
//!   `search`, `index` and `error`.
//!
//! ## What to do
//! Let the service write to a log group of CloudWatch Logs, then publish the logs to it. Slow logs
//! also need thresholds, which are set in the indexes.
//!
//! ## Source
//! AWS Config developer guide, managed rule `elasticsearch-logs-to-cloudwatch`.

use crate::predicates::search_domains;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "elasticsearch-logs-to-cloudwatch",
    identifier: Identifier::FromId,
    version: 1,
    title: "Elasticsearch domains publish logs to CloudWatch Logs",
    resource_types: &[ResourceType::ElasticsearchDomain],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: LOG_TYPES,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(LOGS)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const LOGS: Path = path("configuration.logPublishingOptions");

const LOG_TYPES: &str = "logTypes";

fn check<'a>(domain: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let logs = domain.node(LOGS)?;
    if let Some(missing) = search_domains::missing_log(logs, params.list(LOG_TYPES), LOG_TYPES)? {
        return Ok(Evaluation::non_compliant(LOGS, logs, missing));
    }
    Ok(Evaluation::compliant(LOGS, logs))
}
