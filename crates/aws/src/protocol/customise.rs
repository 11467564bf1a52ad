//! Where services depart from their models: the part of botocore's `handlers.py` that reading needs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::http::{Reply, Request};
use super::xml_read;
use crate::error::ReplyError;
use crate::model::{Kind, Member, Operation, Service};
use crate::percent;

/// Before an input is checked.
pub(super) fn input(service: &Service, operation: &Operation, member: &Member, input: &mut Value) {
    let Some(given) = input.as_object_mut() else {
        return;
    };
    match service.name {
        // Keys may hold what XML cannot.
        "s3" if is_listing_of_keys(operation) && !given.contains_key("EncodingType") => {
            given.insert("EncodingType".into(), "url".into());
        }
        "glacier" if !given.contains_key("accountId") => {
            given.insert("accountId".into(), "-".into());
        }
        "route53" => {
            for member in &service.shape(member).members {
                if !member.traits().last_segment {
                    continue;
                }
                if let Some(Value::String(id)) = given.get_mut(member.name)
                    && let Some((_, last)) = id.rsplit_once('/')
                {
                    *id = last.to_owned();
                }
            }
        }
        _ => {}
    }
}

/// After a request is made.
pub(super) fn request(service: &Service, operation: &Operation, request: &mut Request) {
    match service.name {
        "glacier" => request.header("x-amz-glacier-version", service.version),
        "apigateway" if !request.has_header("accept") => {
            request.header("Accept", "application/json");
        }
        _ => {}
    }
    if operation.discovery {
        request.header("x-amz-api-version", service.version);
    }
    let has_checksum = request.headers.iter().any(|(name, _)| {
        name.eq_ignore_ascii_case("content-md5")
            || name.to_ascii_lowercase().starts_with("x-amz-checksum-")
    });
    if operation.checksum && !has_checksum && !request.body.is_empty() {
        let digest = STANDARD.encode(Sha256::digest(&request.body));
        request.header("x-amz-checksum-sha256", digest);
    }
}

/// An output that the model cannot say: S3's `<LocationConstraint>` is the document's root.
pub(super) fn whole_output(
    service: &Service,
    operation: &Operation,
    reply: &Reply<'_>,
) -> Option<Result<Value, ReplyError>> {
    if service.name != "s3" || operation.name != "GetBucketLocation" {
        return None;
    }
    let text = reply.text();
    Some(xml_read::document(&text).map(|document| {
        // us-east-1 is told as an empty element, which boto3 tells as null.
        let region = document.root_element().text().map(Value::from);
        let pair = ("LocationConstraint".to_owned(), region.unwrap_or_default());
        Value::Object(Map::from_iter([pair]))
    }))
}

/// After an output is read.
pub(super) fn output(
    service: &Service,
    operation: &Operation,
    reply: &Reply<'_>,
    output: &mut Value,
) {
    let Some(output) = output.as_object_mut() else {
        return;
    };
    match (service.name, operation.name) {
        ("s3", _) => {
            if is_listing_of_keys(operation) {
                decode_keys(output);
            }
            let has_expires = |member: &Member| service.shape(member).member("Expires").is_some();
            if operation.output.as_ref().is_some_and(has_expires)
                && let Some(text) = reply.headers.get("expires")
            {
                output.insert("ExpiresString".into(), text.into());
            }
        }
        ("cloudformation", "GetTemplate") => {
            if let Some(Value::String(text)) = output.get("TemplateBody")
                && let Ok(document @ Value::Object(_)) = serde_json::from_str(text)
            {
                output.insert("TemplateBody".into(), document);
            }
        }
        ("ec2", "GetConsoleOutput") => {
            if let Some(Value::String(text)) = output.get_mut("Output")
                && let Ok(bytes) = STANDARD.decode(text.as_bytes())
            {
                *text = String::from_utf8_lossy(&bytes).into_owned();
            }
        }
        _ => {}
    }
}

fn is_listing_of_keys(operation: &Operation) -> bool {
    matches!(
        operation.name,
        "ListObjects" | "ListObjectsV2" | "ListObjectVersions"
    )
}

fn decode_keys(output: &mut Map<String, Value>) {
    if output.get("EncodingType").and_then(Value::as_str) != Some("url") {
        return;
    }
    let decode = |value: Option<&mut Value>| {
        if let Some(Value::String(text)) = value {
            *text = percent::decode(&text.replace('+', " "));
        }
    };
    for key in [
        "Delimiter",
        "KeyMarker",
        "Marker",
        "NextKeyMarker",
        "NextMarker",
        "Prefix",
        "StartAfter",
    ] {
        decode(output.get_mut(key));
    }
    for (list, key) in [
        ("Contents", "Key"),
        ("Versions", "Key"),
        ("DeleteMarkers", "Key"),
        ("CommonPrefixes", "Prefix"),
    ] {
        let items = output.get_mut(list).and_then(Value::as_array_mut);
        for item in items.into_iter().flatten() {
            decode(item.get_mut(key));
        }
    }
}

/// S3 may say 200 and then fail: the body is an error.
pub(super) fn is_late_error(service: &Service, operation: &Operation, reply: &Reply<'_>) -> bool {
    let Some(output) = operation.output.as_ref().filter(|_| service.name == "s3") else {
        return false;
    };
    let payload = service.shape(output).payload_member();
    let is_stream = payload
        .is_some_and(|member| matches!(service.shape(member).kind, Kind::Blob | Kind::String));
    let body = reply.body.trim_ascii_start();
    let start = body.get(..512.min(body.len())).unwrap_or_default();
    let start = String::from_utf8_lossy(start);
    let root = match start.strip_prefix("<?") {
        Some(declared) => declared.split_once("?>").map_or("", |(_, rest)| rest),
        None => start.as_ref(),
    };
    !is_stream && root.trim_start().starts_with("<Error>")
}
