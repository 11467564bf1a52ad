//! HTTP to services that are not AWS: the same connector, with the same time limits and roots.

use std::fmt;

use aws_smithy_runtime_api::http::Request;
use aws_smithy_types::body::SdkBody;

use crate::client::{NoAnswer, Transport, USER_AGENT, with_causes};

/// A client of HTTP APIs. Redirects are not followed: a secret goes where its user said, and nowhere else.
#[derive(Debug)]
pub struct Http(Transport);

/// What is sent.
pub struct HttpRequest<'r> {
    /// `GET`, `POST` and so on.
    pub method: &'r str,
    /// Where to; may be a secret itself.
    pub url: &'r str,
    /// Names and values; `user-agent` is added.
    pub headers: Vec<(&'r str, String)>,
    /// The body; may be empty.
    pub body: Vec<u8>,
}

/// What came back.
pub struct HttpAnswer {
    /// The status.
    pub status: u16,
    /// `Retry-After` in seconds, where it was there and a number.
    pub retry_after: Option<u32>,
    /// The whole body.
    pub body: Vec<u8>,
}

/// Why nothing came back. Names no URL.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct HttpError(String);

impl Default for Http {
    fn default() -> Self {
        Self::new()
    }
}

impl Http {
    /// A client; its connections are kept.
    pub fn new() -> Self {
        Self(Transport::new())
    }

    /// Sends a request and reads the whole reply.
    ///
    /// # Errors
    /// Where the request can't be written, no connection is made, it breaks, or it takes too long.
    pub async fn send(&self, request: HttpRequest<'_>) -> Result<HttpAnswer, HttpError> {
        let mut http = Request::new(SdkBody::from(request.body));
        http.set_method(request.method)
            .map_err(|error| HttpError(with_causes(&error)))?;
        // What is wrong with the URL would quote it.
        http.set_uri(request.url)
            .map_err(|_| HttpError("what was given as URL is none".to_owned()))?;
        let agent = ("user-agent", USER_AGENT.to_owned());
        for (name, value) in request.headers.into_iter().chain([agent]) {
            http.headers_mut()
                .try_append(name.to_owned(), value)
                .map_err(|_| HttpError(format!("the header {name} has what no header may have")))?;
        }
        let answer = self.0.send(http).await;
        let answer = answer.map_err(|NoAnswer { what, .. }| HttpError(what))?;
        let retry_after = answer.headers.get("retry-after");
        Ok(HttpAnswer {
            status: answer.status,
            retry_after: retry_after.and_then(|value| value.trim().parse().ok()),
            body: answer.body,
        })
    }
}

impl fmt::Debug for HttpRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Headers and URL may be secrets.
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}
