//! The protocol `smithy-rpc-v2-cbor`.
//! Sources: <https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html>, RFC 8949.

mod decode;
mod encode;

use serde_json::{Map, Value};

use super::http::{Reply, Request};
use crate::error::ReplyError;
use crate::model::{Member, Method, Operation, Service};

pub(super) use decode::Item;

pub(super) fn request(service: &Service, operation: &Operation, input: &Value) -> Request {
    let mut request = Request::new(operation);
    request.method = Method::Post;
    request.path = format!("/service/{}/operation/{}", service.target, operation.name);
    request.header("smithy-protocol", "rpc-v2-cbor");
    request.header("Accept", "application/cbor");
    if service.query_compatible {
        request.header("x-amzn-query-mode", "true");
    }
    if let Some(member) = &operation.input {
        request.header("Content-Type", "application/cbor");
        encode::value(service, member, input, &mut request.body);
    }
    request
}

pub(super) fn output(
    service: &Service,
    output: &Member,
    reply: &Reply<'_>,
) -> Result<Value, ReplyError> {
    if reply.body.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    decode::read(service, output, decode::item(reply.body)?)
}

/// The body of an error, as far as it is text.
pub(super) fn error_body(body: &[u8]) -> Option<Item> {
    decode::item(body).ok()
}

/// The modelled members of an error.
pub(super) fn error_members(service: &Service, shape: &Member, body: Item) -> Option<Value> {
    decode::read(service, shape, body).ok()
}
