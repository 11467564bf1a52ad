//! Errors in replies: their code, their message, and whether they may go away.

use serde_json::{Map, Value};

use super::http::Reply;
use super::json::{self, Scalars};
use super::{cbor, rest, xml_read};
use crate::denied;
use crate::error::{Retry, ServiceError};
use crate::model::{Member, Operation, Protocol, RetryKind, Service, Shape};

/// Codes of botocore's standard retry mode (`ThrottledRetryableChecker`, `TransientRetryableChecker`).
const THROTTLING: [&str; 14] = [
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
];
const TRANSIENT: [&str; 4] = [
    "IDPCommunicationError",
    "InternalError",
    "RequestTimeout",
    "RequestTimeoutException",
];

/// What an error says before it is understood.
#[derive(Default)]
struct Said {
    code: Option<String>,
    message: String,
    request_id: Option<String>,
    /// The code by which the model knows the error, when the service gives an older one beside it.
    modelled: Option<String>,
    details: Value,
    bucket_region: Option<String>,
}

pub(super) fn read(service: &Service, operation: &Operation, reply: &Reply<'_>) -> ServiceError {
    let mut said = match service.protocol {
        _ if is_generic(reply) => Said::default(),
        Protocol::Query | Protocol::Ec2 | Protocol::RestXml => from_xml(service, operation, reply),
        Protocol::Json | Protocol::RestJson => from_json(service, operation, reply),
        Protocol::SmithyRpcV2Cbor => from_cbor(service, operation, reply),
    };
    let header = |name: &str| reply.headers.get(name).map(str::to_owned);
    said.request_id = said
        .request_id
        .or_else(|| reply.headers.request_id().map(str::to_owned));
    let code = said.code.unwrap_or_else(|| reply.status.to_string());
    let by_model = said.modelled.as_deref().unwrap_or(&code);
    let retry = modelled(service, operation, by_model)
        .and_then(|(_, shape)| shape.error.as_ref()?.retry)
        .map(|kind| match kind {
            RetryKind::Throttling => Retry::Throttling,
            RetryKind::Transient => Retry::Transient,
        })
        .or_else(|| retry_of(&code, reply.status));
    // A HEAD request's error, or a proxy's, has no words but HTTP's.
    if said.message.is_empty() && (reply.body.trim_ascii().is_empty() || is_generic(reply)) {
        let status = http::StatusCode::from_u16(reply.status).ok();
        let reason = status.and_then(|status| status.canonical_reason());
        reason.unwrap_or_default().clone_into(&mut said.message);
    }
    ServiceError {
        denied: denied::read(service, operation.name, &code, &said.message),
        code,
        message: said.message,
        status: reply.status,
        request_id: said.request_id,
        details: said.details,
        retry,
        bucket_region: header("x-amz-bucket-region").or(said.bucket_region),
    }
}

fn retry_of(code: &str, status: u16) -> Option<Retry> {
    if THROTTLING.contains(&code) || status == 429 {
        return Some(Retry::Throttling);
    }
    let transient = TRANSIENT.contains(&code) || matches!(status, 500 | 502 | 503 | 504);
    transient.then_some(Retry::Transient)
}

/// A load balancer or a proxy answered, not the service.
fn is_generic(reply: &Reply<'_>) -> bool {
    let body = reply.body.trim_ascii();
    reply.status >= 500 && (body.is_empty() || body.starts_with(b"<html>"))
}

/// `com.amazon#NotFoundException:http://…` is `NotFoundException`.
fn bare(code: &str) -> String {
    let code = code.split(':').next().unwrap_or(code);
    code.rsplit('#').next().unwrap_or(code).to_owned()
}

/// The error of that code: one that the operation names, or else one that the service knows at all.
fn modelled<'m>(
    service: &'m Service,
    operation: &'m Operation,
    code: &str,
) -> Option<(usize, &'m Shape)> {
    let is_meant = |shape: &Shape| {
        let error = shape.error.as_ref();
        error.is_some_and(|error| error.has_code(code))
    };
    let own = operation.errors.iter();
    own.map(|&index| (index, service.shape_at(index)))
        .find(|(_, shape)| is_meant(shape))
        .or_else(|| {
            let mut all = service.errors();
            all.find(|(_, shape)| is_meant(shape))
        })
}

fn from_json(service: &Service, operation: &Operation, reply: &Reply<'_>) -> Said {
    let body = match json::parse(reply.body) {
        Ok(Value::Object(body)) => body,
        Ok(_) => Map::new(),
        // What is not JSON is told as the message that it probably is.
        Err(_) => Map::from_iter([("message".to_owned(), reply.text().into())]),
    };
    let text = |key: &str| body.get(key).and_then(Value::as_str);
    let header = reply.headers.get("x-amzn-errortype");
    let code = match service.protocol {
        Protocol::RestJson => header.or_else(|| text("code")).or_else(|| text("Code")),
        _ => None,
    };
    let code = code.or_else(|| text("__type")).map(bare);
    let message = text("message").or_else(|| text("Message"));
    // OAuth's words for it, which SSO's token service uses.
    let message = message.or_else(|| text("error_description"));
    let mut said = Said {
        message: message.unwrap_or_default().to_owned(),
        ..Said::default()
    };
    query_compatible(&mut said, code, reply);
    if let Some(code) = said.modelled.as_deref().or(said.code.as_deref())
        && let Some((index, _)) = modelled(service, operation, code)
    {
        let member = Member::to(index);
        said.details = match service.protocol {
            Protocol::RestJson => rest::output(service, &member, reply).unwrap_or_default(),
            _ => json::read(service, &member, Value::Object(body), Scalars::AsTheyAre)
                .unwrap_or_default(),
        };
    }
    said
}

fn from_cbor(service: &Service, operation: &Operation, reply: &Reply<'_>) -> Said {
    let Some(body) = cbor::error_body(reply.body) else {
        return Said::default();
    };
    let code = body.text("__type").map(bare);
    let message = body.text("message").or_else(|| body.text("Message"));
    let mut said = Said {
        message: message.unwrap_or_default().to_owned(),
        ..Said::default()
    };
    query_compatible(&mut said, code, reply);
    if let Some(code) = said.modelled.as_deref().or(said.code.as_deref())
        && let Some((index, _)) = modelled(service, operation, code)
    {
        let members = cbor::error_members(service, &Member::to(index), body);
        said.details = members.unwrap_or_default();
    }
    said
}

/// A service that once spoke the query protocol gives the code of that time in a header, as in `Code;Sender`.
fn query_compatible(said: &mut Said, code: Option<String>, reply: &Reply<'_>) {
    let old = reply.headers.get("x-amzn-query-error");
    match old.and_then(|old| old.split_once(';')) {
        Some((old, _)) if !old.is_empty() => {
            said.code = Some(old.to_owned());
            said.modelled = code;
        }
        _ => said.code = code,
    }
}

fn from_xml(service: &Service, operation: &Operation, reply: &Reply<'_>) -> Said {
    let text = reply.text();
    let Ok(document) = xml_read::document(&text) else {
        return Said::default();
    };
    let root = document.root_element();
    let within = |name: &str| xml_read::child(root, name);
    let error = within("Errors")
        .and_then(|errors| xml_read::child(errors, "Error"))
        .or_else(|| within("Error"))
        .unwrap_or(root);
    let said = |node, name: &str| {
        xml_read::child(node, name)
            .map(|child| xml_read::text(child).to_owned())
            .filter(|text| !text.is_empty())
    };
    let code = said(error, "Code");
    let known = code
        .as_deref()
        .and_then(|code| modelled(service, operation, code));
    let details = known.map(|(index, _)| {
        let member = Member::to(index);
        let mut details = xml_read::read(service, &member, &[error]).unwrap_or_default();
        if service.protocol == Protocol::RestXml {
            rest::add_located(service, &member, reply, &mut details);
        }
        details
    });
    Said {
        message: said(error, "Message")
            .or_else(|| said(error, "message"))
            .unwrap_or_default(),
        request_id: said(root, "RequestId")
            .or_else(|| said(root, "RequestID"))
            .or_else(|| said(root, "requestId")),
        bucket_region: said(error, "Region"),
        details: details.unwrap_or_default(),
        code,
        modelled: None,
    }
}
