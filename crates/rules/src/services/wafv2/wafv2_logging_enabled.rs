//! Without logs nobody can tell afterwards what a web ACL blocked, or what got through.
//!
//! ## Result
//! - COMPLIANT: the web ACL logs; to streams of `KinesisFirehoseDeliveryStreamArns` only, if given.
//! - NON_COMPLIANT: the web ACL doesn't log, or logs to a destination that is not named. Logging by
//!   Security Lake doesn't count, as AWS says.
//! - INSUFFICIENT_DATA: the logging configuration was not read.
//!
//! ## What to do
//! Send the logs to a bucket, a log group or a Firehose stream whose name begins with
//! `aws-waf-logs-`, and redact the fields that hold secrets.
//!
//! ## Source
//! AWS Config developer guide, managed rule `wafv2-logging-enabled`.

use crate::predicates::lists;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "wafv2-logging-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "WAF web ACLs log the requests that they inspect",
    resource_types: &[ResourceType::WaFv2WebAcl],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: STREAMS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(DESTINATIONS)],
    severity: Severity::Low,
    category: Category::Logging,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableWAFV2Logging"),
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
