//! Microsoft Teams: an Adaptive Card through a workflow's webhook.
//!
//! Source: Microsoft's "Create incoming webhooks with Workflows" and the Adaptive Cards schema 1.4.
//! `TextRun`, unlike `TextBlock` and `FactSet`, parses no Markdown; so all text is in runs.

use posture_aws::HttpRequest;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::SendError;
use crate::notice::{cut, one_line};
use crate::outlet::{Message, Outlet};
use crate::secret::SecretRef;

/// A Microsoft Teams channel or chat, by the webhook of a workflow.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Teams {
    /// The URL of the workflow "When a Teams webhook request is received", which is a secret.
    webhook: SecretRef,
}

const TITLE: usize = 200;
/// A message of Teams has at most 28 KB.
const VALUE: usize = 1500;

impl Teams {
    pub(crate) async fn send(&self, outlet: &Outlet, message: &Message) -> Result<(), SendError> {
        let url = outlet.secret(&self.webhook).await?;
        let request = HttpRequest {
            method: "POST",
            url: url.expose(),
            headers: vec![("content-type", "application/json".to_owned())],
            body: rendered(message).to_string().into_bytes(),
        };
        outlet.send(request).await?;
        Ok(())
    }
}

fn rendered(message: &Message) -> Value {
    let title = json!({
        "type": "RichTextBlock",
        "inlines": [{
            "type": "TextRun",
            "text": message.title(TITLE),
            "size": "large",
            "weight": "bolder",
        }],
    });
    let mut body = vec![title];
    if message.input.is_some() {
        body.push(run(None, &cut(&message.words(), VALUE)));
    } else {
        let facts = message.notice.facts.iter();
        body.extend(facts.map(|(name, value)| run(Some(name), &cut(&one_line(value), VALUE))));
    }
    let mut card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    });
    if let (Some(link), Some(members)) = (&message.link, card.as_object_mut()) {
        let action = json!([{"type": "Action.OpenUrl", "title": "Open", "url": link}]);
        members.insert("actions".to_owned(), action);
    }
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": card,
        }],
    })
}

fn run(name: Option<&str>, value: &str) -> Value {
    let mut inlines = Vec::new();
    if let Some(name) = name {
        let text = format!("{name}: ");
        inlines.push(json!({"type": "TextRun", "text": text, "weight": "bolder"}));
    }
    inlines.push(json!({"type": "TextRun", "text": value}));
    json!({"type": "RichTextBlock", "inlines": inlines})
}
