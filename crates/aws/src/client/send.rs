//! One call: wait for the quota, sign, send, understand, and try again what may go away.

use std::error::Error;
use std::time::SystemTime;

use aws_credential_types::Credentials as Keys;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::http::Request as HttpRequest;
use aws_smithy_types::body::SdkBody;
use serde_json::Value;

use super::Client;
use super::credentials::NoKeys;
use super::retry::Attempts;
use super::transport::{Answer, NoAnswer};
use crate::endpoint::{Endpoint, is_address};
use crate::error::{CallError, Retry, ServiceError};
use crate::model::{Operation, Service};
use crate::protocol::{self, Reply, Request};

pub(crate) const USER_AGENT: &str = concat!("posture/", env!("CARGO_PKG_VERSION"));

/// Codes that say that the credentials are no longer good, though they were thought to be.
const EXPIRED: [&str; 4] = [
    "ExpiredToken",
    "ExpiredTokenException",
    "RequestExpired",
    "TokenRefreshRequired",
];

/// An output, and what AWS's support asks for: the id of the request that it answers.
pub(super) struct Answered {
    pub(super) output: Value,
    pub(super) request_id: Option<String>,
}

/// What one attempt came to, when it did not come to an output.
enum Failure {
    /// It may be another time.
    Again(Retry, CallError),
    /// The credentials expired on the way.
    Expired(CallError),
    Final(CallError),
}

impl Client {
    pub(super) async fn attempts(
        &self,
        service: &'static Service,
        operation: &'static Operation,
        request: &Request,
        endpoint: &Endpoint,
        region: &str,
    ) -> Result<Answered, CallError> {
        let account = self.credentials.account();
        let lane = self.shared.limits.lane(account, region, service.name);
        let most = self.shared.sdk.retry_config();
        let most = most.map_or(3, aws_smithy_types::retry::RetryConfig::max_attempts);
        let mut attempts = Attempts::new(most);
        let mut renewed = false;
        loop {
            lane.wait().await;
            self.shared.counters.called();
            let (why, error) = match self.attempt(service, operation, request, endpoint).await {
                Ok(answered) => {
                    attempts.succeeded(&lane);
                    return Ok(answered);
                }
                Err(Failure::Final(error)) => return Err(error),
                Err(Failure::Expired(error)) if renewed => return Err(error),
                Err(Failure::Expired(_)) => {
                    renewed = true;
                    self.credentials.forget().await;
                    continue;
                }
                Err(Failure::Again(why, error)) => (why, error),
            };
            if why == Retry::Throttling {
                lane.throttled();
                self.shared.counters.throttled();
            }
            let timed_out = matches!(
                error,
                CallError::Unreachable {
                    timed_out: true,
                    ..
                }
            );
            match attempts.pause(&lane, timed_out) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(error),
            }
        }
    }

    async fn attempt(
        &self,
        service: &'static Service,
        operation: &'static Operation,
        request: &Request,
        endpoint: &Endpoint,
    ) -> Result<Answered, Failure> {
        let now = self.shared.sdk.time_source();
        let now = now.unwrap_or_default().now();
        let keys = if operation.unsigned {
            None
        } else {
            let keys = self.credentials.get(now).await;
            Some(keys.map_err(|NoKeys { what, code }| {
                Failure::Final(CallError::Credentials { what, code })
            })?)
        };
        let signed = assemble(service, operation, request, endpoint, keys, now);
        let signed = signed.map_err(|why| Failure::Final(CallError::Signing(why)))?;
        let answer = self.shared.transport.send(signed).await;
        let answer = answer.map_err(|NoAnswer { what, timed_out }| {
            let error = CallError::Unreachable {
                service: service.name,
                what,
                timed_out,
            };
            Failure::Again(Retry::Transient, error)
        })?;
        understand(service, operation, &answer)
    }
}

fn understand(
    service: &'static Service,
    operation: &'static Operation,
    answer: &Answer,
) -> Result<Answered, Failure> {
    let reply = Reply {
        status: answer.status,
        headers: &answer.headers,
        body: &answer.body,
    };
    if let Some(error) = protocol::fault(service, operation, &reply) {
        return Err(failed(service, operation, error));
    }
    let output = protocol::output(service, operation, &reply).map_err(|error| {
        // A body that was cut off where it still had a good length is transient; read it anew.
        let error = CallError::Reply {
            service: service.name,
            operation: operation.name.to_owned(),
            error,
        };
        Failure::Again(Retry::Transient, error)
    })?;
    let request_id = answer.headers.request_id().map(str::to_owned);
    Ok(Answered { output, request_id })
}

fn failed(service: &'static Service, operation: &Operation, error: ServiceError) -> Failure {
    let retry = error.retry;
    let expired = EXPIRED.contains(&error.code.as_str());
    let error = CallError::Service {
        service: service.name,
        operation: operation.name.to_owned(),
        error: Box::new(error),
    };
    match retry {
        _ if expired => Failure::Expired(error),
        Some(why) => Failure::Again(why, error),
        None => Failure::Final(error),
    }
}

/// The HTTP request, signed unless there are no keys.
fn assemble(
    service: &Service,
    operation: &Operation,
    request: &Request,
    endpoint: &Endpoint,
    keys: Option<Keys>,
    now: SystemTime,
) -> Result<HttpRequest, String> {
    let url = url(request, endpoint)?;
    let mut headers = request.headers.clone();
    headers.extend(endpoint.headers.iter().cloned());
    if let Some(keys) = keys {
        let added = signature(
            service, operation, request, endpoint, keys, now, &url, &headers,
        )?;
        headers.extend(added);
    }
    headers.push(("user-agent".to_owned(), USER_AGENT.to_owned()));
    let mut http = HttpRequest::new(SdkBody::from(request.body.clone()));
    let failed = |error: &dyn Error| with_causes(error);
    http.set_method(request.method.as_str())
        .map_err(|error| failed(&error))?;
    http.set_uri(url).map_err(|error| failed(&error))?;
    for (name, value) in headers {
        http.headers_mut()
            .try_append(name, value)
            .map_err(|error| failed(&error))?;
    }
    // The connector says nothing of a body that is empty, and S3 answers 411 to a PUT without a length.
    if request.body.is_empty() && http.method() == "PUT" {
        http.headers_mut()
            .try_insert("content-length", "0")
            .map_err(|error| failed(&error))?;
    }
    Ok(http)
}

/// The endpoint, the host prefix and the request's path and query in one.
fn url(request: &Request, endpoint: &Endpoint) -> Result<String, String> {
    let (scheme, rest) = endpoint
        .url
        .split_once("://")
        .ok_or_else(|| format!("{:?} is not a URL", endpoint.url))?;
    let prefix = request.host_prefix.as_deref().unwrap_or_default();
    let authority = rest.split('/').next().unwrap_or_default();
    let prefix = if is_address(authority) { "" } else { prefix };
    let mut target = request.target();
    // `/bucket` and `/?acl` are `/bucket?acl`: the bucket itself, not something in it.
    if rest.contains('/') && request.path == "/" {
        target.remove(0);
    }
    Ok(format!("{scheme}://{prefix}{rest}{target}"))
}

#[expect(
    clippy::too_many_arguments,
    reason = "all that a signature is made of, once"
)]
fn signature(
    service: &Service,
    operation: &Operation,
    request: &Request,
    endpoint: &Endpoint,
    keys: Keys,
    now: SystemTime,
    url: &str,
    headers: &[(String, String)],
) -> Result<Vec<(String, String)>, String> {
    let mut settings = SigningSettings::default();
    if !endpoint.double_encoding {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    }
    if endpoint.signing_name.starts_with("s3") || service.name == "glacier" {
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    let identity = keys.into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(&endpoint.signing_region)
        .name(&endpoint.signing_name)
        .time(now)
        .settings(settings)
        .build()
        .map_err(|error| with_causes(&error))?
        .into();
    let body = if operation.unsigned_body {
        SignableBody::UnsignedPayload
    } else {
        SignableBody::Bytes(&request.body)
    };
    let headers = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let signable = SignableRequest::new(request.method.as_str(), url, headers, body)
        .map_err(|error| with_causes(&error))?;
    let (instructions, _) = sign(signable, &parameters)
        .map_err(|error| with_causes(&error))?
        .into_parts();
    let (headers, _) = instructions.into_parts();
    let pairs = headers
        .into_iter()
        .map(|header| (header.name().to_owned(), header.value().to_owned()));
    Ok(pairs.collect())
}

/// An idempotency token: a random UUID (RFC 9562, version 4).
pub(super) fn token() -> String {
    let random = fastrand::u128(..);
    let versioned = (random & !(0xf000 << 64) & !(0b11 << 62)) | (0x4000 << 64) | (0b10 << 62);
    let hex = format!("{versioned:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    [
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32),
    ]
    .join("-")
}

/// An error and what caused it, in one line; the connector's errors say little by themselves.
pub(crate) fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.ends_with(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::token;

    #[test]
    fn a_token_is_a_uuid_of_version_4() {
        for _ in 0..100 {
            let token = token();
            let parts: Vec<&str> = token.split('-').collect();
            let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{token}");
            assert!(parts[2].starts_with('4'), "{token}");
            assert!(parts[3].starts_with(['8', '9', 'a', 'b']), "{token}");
        }
    }
}
