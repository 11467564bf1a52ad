//! ServiceNow: an incident for each thing, with work notes, resolved when it is over.
//!
//! Source: ServiceNow's "Table API" (`/api/now/table/incident`) and its incident fields; 6 is the state
//! Resolved. `[code]` in a journal field is HTML: it is broken up.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::no_url;
use crate::error::SendError;
use crate::notice::{Level, cut};
use crate::outlet::{Authorisation, Message, Outlet};
use crate::secret::{Secret, SecretRef};
use crate::tickets::Tickets;

/// Incidents of ServiceNow.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServiceNow {
    /// The instance, such as `https://example.service-now.com`.
    url: String,
    /// The user. Without one, the password is an OAuth token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    /// The user's password, or a token.
    password: SecretRef,
    /// The `sys_id` or name of the group that incidents are assigned to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    assignment_group: Option<String>,
    /// The code with which incidents are resolved.
    #[serde(default = "solution")]
    close_code: String,
}

fn solution() -> String {
    "Solution provided".to_owned()
}

/// The incidents of an instance.
pub(crate) struct Incidents<'a> {
    service_now: &'a ServiceNow,
    outlet: &'a Outlet,
    password: Secret,
}

const SHORT: usize = 160;
const TEXT: usize = 4000;

impl ServiceNow {
    pub(crate) fn problems(&self) -> Vec<String> {
        no_url(&self.url).into_iter().collect()
    }

    pub(crate) async fn incidents<'a>(
        &'a self,
        outlet: &'a Outlet,
    ) -> Result<Incidents<'a>, SendError> {
        Ok(Incidents {
            service_now: self,
            outlet,
            password: outlet.secret(&self.password).await?,
        })
    }
}

impl Incidents<'_> {
    async fn call(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, SendError> {
        let base = self.service_now.url.trim_end_matches('/');
        let url = format!("{base}/api/now/table/incident{path}");
        let authorisation = match &self.service_now.user {
            Some(user) => Authorisation::Basic(user, &self.password),
            None => Authorisation::Bearer(&self.password),
        };
        self.outlet
            .json(method, &url, authorisation, &[], body)
            .await
    }
}

fn journal(text: &str) -> String {
    let text = text
        .replace("[code]", "[ code]")
        .replace("[/code]", "[/ code]");
    cut(&text, TEXT)
}

/// 1 high, 2 medium, 3 low: for `urgency` and `impact` alike.
fn urgency(level: Level) -> &'static str {
    match level {
        Level::Critical | Level::High => "1",
        Level::Medium => "2",
        Level::Low | Level::Informational => "3",
    }
}

/// A record's `sys_id` is a part of a path.
fn checked(id: &str) -> Result<String, SendError> {
    if id.len() != 32 || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(SendError::Failed(format!(
            "ServiceNow answered {id:?}, which is no sys_id"
        )));
    }
    Ok(id.to_owned())
}

impl Tickets for Incidents<'_> {
    async fn find(&self, key: &str) -> Result<Option<String>, SendError> {
        let path = format!(
            "?sysparm_query=correlation_id%3Dposture-{key}&sysparm_fields=sys_id&sysparm_limit=1"
        );
        let answer = self.call("GET", &path, None).await?;
        let found = answer.pointer("/result/0/sys_id").and_then(Value::as_str);
        found.map(checked).transpose()
    }

    async fn open(&self, key: &str, message: &Message) -> Result<String, SendError> {
        let urgency = urgency(message.notice.level);
        let mut body = json!({
            "short_description": message.title(SHORT),
            "description": journal(&message.words()),
            "urgency": urgency,
            "impact": urgency,
            "correlation_id": format!("posture-{key}"),
            "correlation_display": "Posture",
        });
        let group = &self.service_now.assignment_group;
        if let (Some(group), Some(members)) = (group, body.as_object_mut()) {
            members.insert("assignment_group".to_owned(), json!(group));
        }
        let answer = self.call("POST", "", Some(&body)).await?;
        let id = answer.pointer("/result/sys_id").and_then(Value::as_str);
        checked(id.unwrap_or_default())
    }

    async fn tell(&self, reference: &str, message: &Message) -> Result<(), SendError> {
        let text = format!("{}\n\n{}", message.title(SHORT), message.words());
        let body = json!({"work_notes": journal(&text)});
        let path = format!("/{reference}");
        self.call("PATCH", &path, Some(&body)).await.map(drop)
    }

    async fn close(&self, reference: &str, message: &Message) -> Result<(), SendError> {
        let body = json!({
            "state": "6",
            "close_code": self.service_now.close_code,
            "close_notes": journal(&message.title(SHORT)),
        });
        let path = format!("/{reference}");
        self.call("PATCH", &path, Some(&body)).await.map(drop)
    }
}
