//! What targets send through: HTTP, AWS, secrets; and what their answers mean.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use posture_aws::{CallError, Client, Http, HttpRequest, Retry};
use posture_router::Event;
use serde_json::Value;

use crate::error::SendError;
use crate::notice::{Notice, Standing, cut, one_line};
use crate::secret::{Secret, SecretRef, Secrets};

/// What every target sends through. Cheap to clone.
#[derive(Clone)]
pub struct Outlet {
    http: Arc<Http>,
    secrets: Arc<Secrets>,
    client: Client,
}

/// What a target gets.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    /// The same at each attempt: a target knows a duplicate by it.
    pub(crate) id: String,
    pub(crate) event: Event,
    /// The resource that it is about.
    pub(crate) subject: String,
    /// What the rule's transformer made of it.
    pub(crate) input: Option<String>,
    pub(crate) notice: Notice,
    /// What it is about, and how each stands; more than one in a group.
    pub(crate) things: Vec<(String, Standing)>,
    pub(crate) link: Option<String>,
    /// Whether it was tried before, and may have arrived.
    pub(crate) is_again: bool,
    /// When this attempt is made.
    pub(crate) sent_at: Timestamp,
}

impl Message {
    /// What is delivered in order: at most 128 characters, of those that AWS takes.
    pub(crate) fn group(&self) -> String {
        crate::tickets::key(&self.subject)
    }

    /// What a machine gets: the transformer's words, or the whole event.
    pub(crate) fn body(&self) -> String {
        match &self.input {
            Some(input) => input.clone(),
            None => serde_json::to_string(&self.event).unwrap_or_default(),
        }
    }

    /// What a person gets below the title: the transformer's words, or the facts.
    pub(crate) fn words(&self) -> String {
        let mut words = match &self.input {
            Some(input) => {
                let text = serde_json::from_str::<String>(input);
                text.unwrap_or_else(|_| input.clone())
            }
            None => self.notice.lines(),
        };
        if let Some(link) = &self.link {
            words.extend(["\n", link]);
        }
        words
    }

    /// The title, a line of at most so many characters.
    pub(crate) fn title(&self, most: usize) -> String {
        cut(one_line(&self.notice.title).trim(), most)
    }
}

/// What kinds of authorisation HTTP APIs take.
pub(crate) enum Authorisation<'a> {
    None,
    Bearer(&'a Secret),
    Basic(&'a str, &'a Secret),
}

impl Outlet {
    /// Sends with these secrets and this AWS client.
    pub fn new(secrets: Secrets, client: Client) -> Outlet {
        Outlet {
            http: Arc::new(Http::new()),
            secrets: Arc::new(secrets),
            client,
        }
    }

    pub(crate) async fn secret(&self, reference: &SecretRef) -> Result<Secret, SendError> {
        let found = self.secrets.get(reference).await;
        found.map_err(|error| SendError::down(error.to_string()))
    }

    /// Sends a request and returns the body of a good answer.
    pub(crate) async fn send(&self, request: HttpRequest<'_>) -> Result<Vec<u8>, SendError> {
        let answer = self.http.send(request).await;
        let answer = answer.map_err(|error| SendError::down(error.to_string()))?;
        if (200..300).contains(&answer.status) {
            return Ok(answer.body);
        }
        let said = String::from_utf8_lossy(&answer.body);
        let said = cut(one_line(&said).trim(), 300);
        let what = format!("HTTP {}: {said}", answer.status);
        Err(match answer.status {
            // Not from us, or not there: a setting is wrong, and every message would fail.
            401 | 403 | 404 | 407 | 410 | 429 | 502..=504 => SendError::Down {
                what,
                retry_after: answer.retry_after,
            },
            408 | 409 | 423 | 425 | 500.. => SendError::Failed(what),
            _ => SendError::Refused(what),
        })
    }

    /// Sends JSON and reads the JSON of the answer; null where it is none.
    pub(crate) async fn json(
        &self,
        method: &str,
        url: &str,
        authorisation: Authorisation<'_>,
        more: &[(&'static str, &str)],
        body: Option<&Value>,
    ) -> Result<Value, SendError> {
        let mut headers = vec![("accept", "application/json".to_owned())];
        match authorisation {
            Authorisation::None => {}
            Authorisation::Bearer(token) => {
                headers.push(("authorization", format!("Bearer {}", token.expose())));
            }
            Authorisation::Basic(user, password) => {
                let pair = STANDARD.encode(format!("{user}:{}", password.expose()));
                headers.push(("authorization", format!("Basic {pair}")));
            }
        }
        if body.is_some() {
            headers.push(("content-type", "application/json; charset=utf-8".to_owned()));
        }
        headers.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        headers.extend(
            more.iter()
                .map(|(name, value)| (*name, (*value).to_owned())),
        );
        let request = HttpRequest {
            method,
            url,
            headers,
            body: body.map(Value::to_string).unwrap_or_default().into_bytes(),
        };
        let answer = self.send(request).await?;
        Ok(serde_json::from_slice(&answer).unwrap_or(Value::Null))
    }

    /// Calls AWS, in a Region where one is given.
    pub(crate) async fn call(
        &self,
        region: Option<&str>,
        service: &str,
        operation: &str,
        input: &Value,
    ) -> Result<Value, CallError> {
        let client = match region {
            Some(region) => self.client.in_region(region),
            None => self.client.clone(),
        };
        client.call(service, operation, input).await
    }
}

impl fmt::Debug for Outlet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outlet").finish_non_exhaustive()
    }
}

/// The Region of an ARN; none where it has none.
pub(crate) fn region_of(arn: &str) -> Option<&str> {
    let region = arn.strip_prefix("arn:")?.split(':').nth(2)?;
    (!region.is_empty()).then_some(region)
}

impl From<CallError> for SendError {
    fn from(error: CallError) -> SendError {
        let what = error.to_string();
        match &error {
            CallError::Service { error, .. } => match error.retry {
                Some(Retry::Throttling) => SendError::down(what),
                Some(Retry::Transient) => SendError::Failed(what),
                None if is_setting(error) => SendError::down(what),
                None => SendError::Refused(what),
            },
            CallError::Model(_) | CallError::Input(_) | CallError::Unsupported { .. } => {
                SendError::Refused(what)
            }
            _ => SendError::down(what),
        }
    }
}

/// Whether a setting is wrong, so that every message would fail: the target is not there, or we may
/// not send to it.
fn is_setting(error: &posture_aws::ServiceError) -> bool {
    let says = |word| error.code.contains(word);
    error.denied.is_some()
        || matches!(error.status, 403 | 404)
        || ["NonExistent", "NotFound", "DoesNotExist"]
            .into_iter()
            .any(says)
}

/// Whether a topic's ARN or a queue's URL is that of a FIFO one: so its name ends, in small letters.
pub(crate) fn is_fifo(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, end)| end == "fifo")
}
