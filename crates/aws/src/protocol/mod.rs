//! Wire protocols: an input becomes an HTTP request, an HTTP reply becomes an output or a fault.
//!
//! What goes in and comes out is JSON in the API's own names, as boto3 has it:
//! - a timestamp comes out as RFC 3339 in UTC with `Z`, its fraction (to the microsecond) only when it is not zero;
//!   RFC 3339 and seconds since 1970 go in;
//! - a blob is standard base64, in and out, a streamed body as well;
//! - `NaN`, `Infinity` and `-Infinity` are strings;
//! - a member that the service left out, or sent as null, is absent;
//! - a union that holds a member unknown to the model is `{"SDK_UNKNOWN_MEMBER": {"name": …}}`;
//! - an IAM policy comes out as the document that it is, not as the URL-encoded text that was sent.
//!
//! Source: Smithy's protocol pages (<https://smithy.io/2.0/aws/protocols/>) and, where a service departs from them,
//! botocore's parsers, serialisers and handlers; its protocol tests are run in `tests.rs`.

mod cbor;
mod customise;
mod fault;
mod http;
mod input;
mod json;
mod query;
mod rest;
mod scalar;
mod timestamp;
mod xml_read;
mod xml_write;

#[cfg(test)]
mod example_tests;
#[cfg(test)]
mod tests;

pub(crate) use http::{Headers, Reply, Request};
pub(crate) use input::complete;

use serde_json::{Map, Value};

use crate::error::{ReplyError, ServiceError};
use crate::model::{Operation, Protocol, Service};

/// The request that carries a completed input (see [`complete`]).
pub(crate) fn request(service: &Service, operation: &Operation, input: &Value) -> Request {
    let mut request = match service.protocol {
        Protocol::Query | Protocol::Ec2 => query::request(service, operation, input),
        Protocol::Json => json::request(service, operation, input),
        Protocol::RestJson | Protocol::RestXml => rest::request(service, operation, input),
        Protocol::SmithyRpcV2Cbor => cbor::request(service, operation, input),
    };
    request.host_prefix = http::host_prefix(operation, input);
    customise::request(service, operation, &mut request);
    request
}

/// The output in a reply that is not an error.
///
/// # Errors
/// When the body is not of the protocol, or a value in it is not of its type.
pub(crate) fn output(
    service: &Service,
    operation: &Operation,
    reply: &Reply<'_>,
) -> Result<Value, ReplyError> {
    let Some(output) = &operation.output else {
        return Ok(Value::Object(Map::new()));
    };
    if let Some(output) = customise::whole_output(service, operation, reply) {
        return output;
    }
    let mut parsed = match service.protocol {
        Protocol::Query | Protocol::Ec2 => query::output(service, output, reply)?,
        Protocol::Json => json::output(service, output, reply)?,
        Protocol::RestJson | Protocol::RestXml => rest::output(service, output, reply)?,
        Protocol::SmithyRpcV2Cbor => cbor::output(service, output, reply)?,
    };
    customise::output(service, operation, reply, &mut parsed);
    Ok(parsed)
}

/// The error in a reply, if it is one: by its status, or by S3's way to fail after it said 200.
pub(crate) fn fault(
    service: &Service,
    operation: &Operation,
    reply: &Reply<'_>,
) -> Option<ServiceError> {
    let failed = reply.status >= 300 || customise::is_late_error(service, operation, reply);
    failed.then(|| fault::read(service, operation, reply))
}
