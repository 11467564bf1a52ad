//! HTTP: the official client's connector, with Posture's time limits.

use std::time::Duration;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::{
    HttpConnector as _, HttpConnectorSettings, SharedHttpClient,
};
use aws_smithy_runtime_api::http::Request;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::timeout::TimeoutConfig;

use crate::protocol::Headers;

/// A Region that is shut or dead does not answer at all; the rest answer within a second.
const CONNECT: Duration = Duration::from_secs(3);
/// Until the first byte of a reply.
const READ: Duration = Duration::from_secs(30);
/// Until the last.
const WHOLE: Duration = Duration::from_mins(2);
/// A larger reply is refused rather than held. The largest that AWS documents for a read is far below.
const LARGEST: usize = 256 << 20;

#[derive(Debug)]
pub(crate) struct Transport {
    connector: Connector,
}

/// A reply, whole.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Headers,
    pub(crate) body: Vec<u8>,
}

/// Why there is none.
#[derive(Debug)]
pub(crate) struct NoAnswer {
    pub(crate) what: String,
    pub(crate) timed_out: bool,
}

impl Transport {
    pub(crate) fn new() -> Self {
        let settings = HttpConnectorSettings::builder()
            .connect_timeout(CONNECT)
            .read_timeout(READ)
            .build();
        let connector = Connector::builder()
            .connector_settings(settings)
            .proxy_config(ProxyConfig::from_env())
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build();
        Self { connector }
    }

    /// # Errors
    /// When no connection is made, it breaks, or it takes too long.
    pub(crate) async fn send(&self, request: Request) -> Result<Answer, NoAnswer> {
        tokio::time::timeout(WHOLE, self.exchange(request))
            .await
            .unwrap_or_else(|_| {
                Err(NoAnswer {
                    what: format!("no whole reply within {} s", WHOLE.as_secs()),
                    timed_out: true,
                })
            })
    }

    async fn exchange(&self, request: Request) -> Result<Answer, NoAnswer> {
        let response = self.connector.call(request).await;
        let response = response.map_err(|error| NoAnswer {
            timed_out: error.is_timeout(),
            what: super::send::with_causes(&error),
        })?;
        let status = response.status().as_u16();
        let headers = response.headers().iter().collect();
        let mut stream = ByteStream::new(response.into_body());
        let mut body = Vec::new();
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|error| NoAnswer {
                what: format!("the reply broke off: {}", super::send::with_causes(&error)),
                timed_out: false,
            })?;
            if body.len() + chunk.len() > LARGEST {
                return Err(NoAnswer {
                    what: format!("the reply is larger than {} MiB", LARGEST >> 20),
                    timed_out: false,
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer {
            status,
            headers,
            body,
        })
    }
}

/// What the official providers of credentials speak through: the same TLS, and one set of trusted roots.
pub(super) fn for_credentials() -> SharedHttpClient {
    Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https()
}

pub(super) fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .read_timeout(READ)
        .build()
}
