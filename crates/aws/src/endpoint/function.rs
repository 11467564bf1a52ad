//! The functions of the rules' language: Smithy's standard library, and AWS's additions to it.

use serde::Deserialize;
use serde_json::Value;

use super::{arn, partition, url};
use crate::percent;

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) enum Name {
    #[serde(rename = "isSet")]
    IsSet,
    #[serde(rename = "not")]
    Not,
    #[serde(rename = "getAttr")]
    GetAttr,
    #[serde(rename = "stringEquals")]
    StringEquals,
    #[serde(rename = "booleanEquals")]
    BooleanEquals,
    #[serde(rename = "substring")]
    Substring,
    #[serde(rename = "uriEncode")]
    UriEncode,
    #[serde(rename = "parseURL")]
    ParseUrl,
    #[serde(rename = "isValidHostLabel")]
    IsValidHostLabel,
    #[serde(rename = "aws.partition")]
    Partition,
    #[serde(rename = "aws.parseArn")]
    ParseArn,
    #[serde(rename = "aws.isVirtualHostableS3Bucket")]
    IsVirtualHostableS3Bucket,
}

/// Null stands for "no value"; a wrong kind of argument gives it too, so that its condition fails.
pub(super) fn call(name: Name, values: &[Value]) -> Value {
    let value = |index: usize| values.get(index).unwrap_or(&Value::Null);
    let text = |index: usize| value(index).as_str();
    let flag = |index: usize| value(index).as_bool() == Some(true);
    match name {
        Name::IsSet => Value::Bool(!value(0).is_null()),
        Name::Not => Value::Bool(matches!(value(0), Value::Null | Value::Bool(false))),
        Name::GetAttr => text(1).map_or(Value::Null, |path| attribute(value(0), path)),
        Name::StringEquals | Name::BooleanEquals => Value::Bool(value(0) == value(1)),
        Name::Substring => text(0)
            .and_then(|text| substring(text, value(1).as_u64()?, value(2).as_u64()?, flag(3)))
            .map_or(Value::Null, Value::from),
        Name::UriEncode => text(0).map_or(Value::Null, |text| percent::encode(text).into()),
        Name::ParseUrl => text(0).and_then(url::parse).unwrap_or(Value::Null),
        Name::IsValidHostLabel => {
            Value::Bool(text(0).is_some_and(|text| is_host_label(text, flag(1))))
        }
        Name::Partition => partition::of(text(0).unwrap_or_default()).outputs(),
        Name::ParseArn => text(0).and_then(arn::parse).unwrap_or(Value::Null),
        Name::IsVirtualHostableS3Bucket => {
            Value::Bool(text(0).is_some_and(|text| is_virtual_hostable(text, flag(1))))
        }
    }
}

/// `resourceId[4]`, `url.authority`.
fn attribute(value: &Value, path: &str) -> Value {
    let mut value = value;
    for part in path.split('.') {
        let (name, index) = match part.split_once('[') {
            Some((name, index)) => (name, index.strip_suffix(']').and_then(|i| i.parse().ok())),
            None => (part, None::<usize>),
        };
        if !name.is_empty() {
            value = value.get(name).unwrap_or(&Value::Null);
        }
        if let Some(index) = index {
            value = value.get(index).unwrap_or(&Value::Null);
        }
    }
    value.clone()
}

fn substring(text: &str, start: u64, stop: u64, reverse: bool) -> Option<String> {
    let (start, stop) = (usize::try_from(start).ok()?, usize::try_from(stop).ok()?);
    if start >= stop || text.len() < stop || !text.is_ascii() {
        return None;
    }
    let range = if reverse {
        text.len() - stop..text.len() - start
    } else {
        start..stop
    };
    text.get(range).map(str::to_owned)
}

/// A label of RFC 1123, or with `subdomains` several of them.
pub(super) fn is_host_label(text: &str, subdomains: bool) -> bool {
    if subdomains {
        return text.split('.').all(|label| is_host_label(label, false));
    }
    (1..=63).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn is_virtual_hostable(bucket: &str, subdomains: bool) -> bool {
    (3..=63).contains(&bucket.len())
        && !bucket.bytes().any(|byte| byte.is_ascii_uppercase())
        && bucket.parse::<std::net::Ipv4Addr>().is_err()
        && is_host_label(bucket, subdomains)
}
