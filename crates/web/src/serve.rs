//! The server.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use jiff::Timestamp;
use posture_aws::Http;
use posture_notify::{SecretRef, Secrets};
use tokio::net::TcpListener;

use crate::backend::Backend;
use crate::signature::Signatures;
use crate::{health, slack};

/// What time it is. Injected, so that a test says it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The Slack app whose buttons are believed.
#[derive(Debug, Clone)]
pub struct SlackApp {
    /// Its signing secret.
    pub signing_secret: SecretRef,
    /// Who of `posture.yaml` a user of Slack is. One who is not here is `slack:` and the user's id.
    pub users: BTreeMap<String, String>,
    /// How the addresses begin to which answers go: `https://hooks.slack.com/`.
    pub answers: String,
}

/// What the pages need.
pub struct Web<B> {
    pub(crate) backend: B,
    pub(crate) slack: Option<SlackApp>,
    pub(crate) secrets: Secrets,
    pub(crate) clock: Clock,
    pub(crate) signatures: Signatures,
    pub(crate) http: Http,
}

impl<B: Backend> Web<B> {
    /// What the pages need. Without an app, no click is believed.
    pub fn new(backend: B, slack: Option<SlackApp>, secrets: Secrets, clock: Clock) -> Web<B> {
        Web {
            backend,
            slack,
            secrets,
            clock,
            signatures: Signatures::default(),
            http: Http::new(),
        }
    }
}

impl<B> fmt::Debug for Web<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Web")
            .field("slack", &self.slack)
            .finish_non_exhaustive()
    }
}

/// A click's message comes with it; more than this is none of ours.
const LARGEST: usize = 512 << 10;

/// Answers until `end`; what is being answered then is answered.
///
/// # Errors
/// Where the connections fail.
pub async fn serve<B: Backend>(
    listener: TcpListener,
    web: Web<B>,
    end: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let router = Router::new()
        .route("/healthz", get(health::read::<B>))
        .route("/slack/interactions", post(slack::click::<B>))
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(Arc::new(web));
    axum::serve(listener, router)
        .with_graceful_shutdown(end)
        .await
}
