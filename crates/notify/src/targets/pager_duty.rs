//! PagerDuty: alerts through the Events API v2, resolved when what they are about is over.
//!
//! Source: PagerDuty's "Send an Alert Event" (developer-docs, events-API-v2/02-Trigger-Events.md).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::error::SendError;
use crate::notice::{Level, cut};
use crate::outlet::{Authorisation, Message, Outlet};
use crate::secret::{Secret, SecretRef};
use crate::tickets::Tickets;

/// Alerts of a PagerDuty service.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PagerDuty {
    /// The integration key of an Events API v2 integration.
    routing_key: SecretRef,
    /// Where events go, where that is not `https://events.pagerduty.com/v2/enqueue`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// The alerts of a service.
pub(crate) struct Alerts<'a> {
    outlet: &'a Outlet,
    url: &'a str,
    routing_key: Secret,
}

const SUMMARY: usize = 1024;

impl PagerDuty {
    pub(crate) async fn alerts<'a>(&'a self, outlet: &'a Outlet) -> Result<Alerts<'a>, SendError> {
        let default = "https://events.pagerduty.com/v2/enqueue";
        Ok(Alerts {
            outlet,
            url: self.url.as_deref().unwrap_or(default),
            routing_key: outlet.secret(&self.routing_key).await?,
        })
    }
}

impl Alerts<'_> {
    async fn enqueue(&self, event: &Value) -> Result<(), SendError> {
        let none = Authorisation::None;
        let sent = self.outlet.json("POST", self.url, none, &[], Some(event));
        sent.await.map(drop)
    }

    fn trigger(&self, dedup_key: &str, message: &Message) -> Value {
        let notice = &message.notice;
        let details: Map<String, Value> = match &message.input {
            Some(_) => Map::from_iter([("text".to_owned(), json!(message.words()))]),
            None => notice
                .facts
                .iter()
                .map(|(name, value)| ((*name).to_owned(), json!(cut(value, 2000))))
                .collect(),
        };
        let resource = message.event.resources.first();
        let mut event = json!({
            "routing_key": self.routing_key.expose(),
            "event_action": "trigger",
            "dedup_key": dedup_key,
            "payload": {
                "summary": message.title(SUMMARY),
                "source": resource.unwrap_or(&message.event.account),
                "severity": severity(notice.level),
                "timestamp": message.event.time.to_string(),
                "class": message.event.detail_type,
                "custom_details": details,
            },
            "client": "Posture",
        });
        if let (Some(link), Some(members)) = (&message.link, event.as_object_mut()) {
            members.insert("client_url".to_owned(), json!(link));
            members.insert(
                "links".to_owned(),
                json!([{"href": link, "text": "Posture"}]),
            );
        }
        event
    }
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Critical => "critical",
        Level::High => "error",
        Level::Medium | Level::Low => "warning",
        Level::Informational => "info",
    }
}

impl Tickets for Alerts<'_> {
    /// The same key twice is one alert.
    async fn find(&self, _: &str) -> Result<Option<String>, SendError> {
        Ok(None)
    }

    async fn open(&self, key: &str, message: &Message) -> Result<String, SendError> {
        self.enqueue(&self.trigger(key, message)).await?;
        Ok(key.to_owned())
    }

    async fn tell(&self, reference: &str, message: &Message) -> Result<(), SendError> {
        self.enqueue(&self.trigger(reference, message)).await
    }

    async fn close(&self, reference: &str, _: &Message) -> Result<(), SendError> {
        let event = json!({
            "routing_key": self.routing_key.expose(),
            "event_action": "resolve",
            "dedup_key": reference,
        });
        self.enqueue(&event).await
    }
}
