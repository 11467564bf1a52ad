//! Mail, by SMTP.
//!
//! Source: RFC 5321 and 5322, by way of `lettre`, which encodes headers: a line break in a title can't
//! begin another header. The text is `text/plain`.

use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, MessageBuilder};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message as Mail, Tokio1Executor};
use serde::{Deserialize, Serialize};

use crate::error::SendError;
use crate::outlet::{Message, Outlet};
use crate::secret::SecretRef;

/// Mail, by SMTP.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Email {
    /// The SMTP server.
    host: String,
    /// Its port. Default: that of how it is spoken to, 465, 587 or 25.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    /// How it is spoken to.
    #[serde(default)]
    tls: Tls,
    /// The user, where the server asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    /// The user's password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    password: Option<SecretRef>,
    /// Who sends, such as `Posture <posture@example.com>`.
    from: String,
    /// Who gets it.
    to: Vec<String>,
}

/// How a server is spoken to.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub(super) enum Tls {
    /// By TLS from the first byte.
    #[default]
    Implicit,
    /// By TLS after STARTTLS, without which nothing is sent.
    Starttls,
    /// In the open: for a relay on the same machine.
    None,
}

const SUBJECT: usize = 200;

impl Email {
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.to.is_empty() {
            problems.push("to names nobody".to_owned());
        }
        for address in self.to.iter().chain([&self.from]) {
            if address.parse::<Mailbox>().is_err() {
                problems.push(format!("{address:?} is no address"));
            }
        }
        if self.user.is_some() != self.password.is_some() {
            problems.push("user and password go together".to_owned());
        }
        if self.tls == Tls::None && self.user.is_some() {
            problems.push("a password is not sent in the open: set tls".to_owned());
        }
        problems
    }

    pub(crate) async fn send(&self, outlet: &Outlet, message: &Message) -> Result<(), SendError> {
        let mail = self.mail(message)?;
        let transport = match self.tls {
            Tls::Implicit => AsyncSmtpTransport::<Tokio1Executor>::relay(&self.host),
            Tls::Starttls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&self.host),
            Tls::None => Ok(AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(
                &self.host,
            )),
        };
        let mut transport = transport.map_err(|error| SendError::down(error.to_string()))?;
        if let Some(port) = self.port {
            transport = transport.port(port);
        }
        if let (Some(user), Some(password)) = (&self.user, &self.password) {
            let password = outlet.secret(password).await?.expose().to_owned();
            transport = transport.credentials(Credentials::new(user.clone(), password));
        }
        match transport.build().send(mail).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(SendError::Refused(error.to_string())),
            Err(error) if error.is_transient() => Err(SendError::Failed(error.to_string())),
            Err(error) => Err(SendError::down(error.to_string())),
        }
    }

    fn mail(&self, message: &Message) -> Result<Mail, SendError> {
        let wrong = |error: &dyn std::error::Error| SendError::Refused(error.to_string());
        let mailbox = |text: &str| text.parse::<Mailbox>().map_err(|error| wrong(&error));
        let level = message.notice.level.as_str();
        let seconds = u64::try_from(message.sent_at.as_second()).unwrap_or_default();
        let mut mail: MessageBuilder = Mail::builder()
            .from(mailbox(&self.from)?)
            .subject(format!("[{level}] {}", message.title(SUBJECT)))
            // The same at each attempt: a mailbox may know a duplicate by it.
            .message_id(Some(format!("<{}@posture>", message.id)))
            .date(UNIX_EPOCH + Duration::from_secs(seconds))
            .header(ContentType::TEXT_PLAIN);
        for address in &self.to {
            mail = mail.to(mailbox(address)?);
        }
        mail.body(message.words()).map_err(|error| wrong(&error))
    }
}
