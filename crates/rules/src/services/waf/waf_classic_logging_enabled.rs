//! Without logs nobody can tell afterwards what a web ACL blocked, or what got through.
//!
//! ## Result
//! - COMPLIANT: the web ACL logs; to streams of `KinesisFirehoseDeliveryStreamArns` only, if given.
//! - NON_COMPLIANT: the web ACL doesn't log, or logs to a stream that is not named.
//! - INSUFFICIENT_DATA: the logging configuration was not read.
//!
//! ## What to do
//! AWS ended WAF Classic on 30 September 2025: move to AWS WAF and log there. Logs go to a Firehose
//! stream whose name begins with `aws-waf-logs-`.
//!
//! ## Source
//! AWS Config developer guide, managed rule `waf-classic-logging-enabled`.

use crate::predicates::lists;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "waf-classic-logging-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Global web ACLs of WAF Classic log the requests that they inspect",
    resource_types: &[ResourceType::WafWebAcl],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: STREAMS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(DESTINATIONS)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableWAFClassicLogging"),
    check,
};

const DESTINATIONS: Path = path(
    "supplementaryConfiguration.GetLoggingConfiguration.LoggingConfiguration.LogDestinationConfigs",
);

const STREAMS: &str = "KinesisFirehoseDeliveryStreamArns";

fn check<'a>(web_acl: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let destinations: Vec<&str> = web_acl
        .list(DESTINATIONS)?
        .iter()
        .filter_map(|destination| destination.as_text())
        .collect();
    let found = lists::shown(&destinations);
    if let Some(expected) = lists::unmet(&destinations, params.list(STREAMS), "a destination") {
        return Ok(Evaluation::non_compliant(DESTINATIONS, found, expected));
    }
    Ok(Evaluation::compliant(DESTINATIONS, found))
}
