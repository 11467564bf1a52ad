//! `aws.parseArn` of the rules' language.

use serde_json::{Value, json};

/// The parts of an ARN, its resource split at `:` and `/`; nothing when partition, service or resource is missing.
pub(super) fn parse(text: &str) -> Option<Value> {
    let mut parts = text.splitn(6, ':');
    if parts.next()? != "arn" {
        return None;
    }
    let [partition, service, region, account] =
        [parts.next()?, parts.next()?, parts.next()?, parts.next()?];
    let resource = parts.next()?;
    if partition.is_empty() || service.is_empty() || resource.is_empty() {
        return None;
    }
    let resource: Vec<&str> = resource.split([':', '/']).collect();
    Some(json!({
        "partition": partition,
        "service": service,
        "region": region,
        "accountId": account,
        "resourceId": resource,
    }))
}
