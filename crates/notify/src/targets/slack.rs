//! Slack: a message of Block Kit blocks, by incoming webhook or `chat.postMessage`.
//!
//! Source: Slack's "Formatting text for app surfaces" (escaping), "Reference: blocks" (lengths),
//! "Sending messages using incoming webhooks", "chat.postMessage". All that is not ours is
//! `plain_text`, in which nothing is parsed; where Slack would parse, `&`, `<` and `>` are escaped.

use posture_aws::HttpRequest;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::SendError;
use crate::notice::one_line;
use crate::outlet::{Authorisation, Message, Outlet};
use crate::secret::SecretRef;

/// A Slack channel: by incoming webhook, or by a bot's token and the channel.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Slack {
    /// The URL of an incoming webhook, which is a secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    webhook: Option<SecretRef>,
    /// A bot's token with `chat:write`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    token: Option<SecretRef>,
    /// With a token: the channel's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    /// With a token: where the API is, where that is not `https://slack.com/api`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    api: Option<String>,
}

/// `action_id` of the button that approves a plan.
pub const APPROVE: &str = "posture_approve";
/// `action_id` of the button that refuses one.
pub const DENY: &str = "posture_deny";

/// Characters in a header, and in a text.
const HEADER: usize = 150;
const TEXT: usize = 2900;

impl Slack {
    pub(crate) fn problems(&self) -> Vec<String> {
        let is_whole = matches!(
            (&self.webhook, &self.token, &self.channel),
            (Some(_), None, None) | (None, Some(_), Some(_))
        );
        if is_whole {
            return Vec::new();
        }
        vec!["expected webhook, or token with channel".to_owned()]
    }

    pub(crate) async fn send(&self, outlet: &Outlet, message: &Message) -> Result<(), SendError> {
        let mut body = rendered(message);
        if let Some(webhook) = &self.webhook {
            let url = outlet.secret(webhook).await?;
            let request = HttpRequest {
                method: "POST",
                url: url.expose(),
                headers: vec![("content-type", "application/json".to_owned())],
                body: body.to_string().into_bytes(),
            };
            outlet.send(request).await?;
            return Ok(());
        }
        let (Some(token), Some(channel)) = (&self.token, &self.channel) else {
            return Err(SendError::down("neither webhook nor token with channel"));
        };
        let token = outlet.secret(token).await?;
        if let Some(members) = body.as_object_mut() {
            members.insert("channel".to_owned(), json!(channel));
            members.insert("unfurl_links".to_owned(), json!(false));
            members.insert("unfurl_media".to_owned(), json!(false));
        }
        let api = self.api.as_deref().unwrap_or("https://slack.com/api");
        let url = format!("{}/chat.postMessage", api.trim_end_matches('/'));
        let authorisation = Authorisation::Bearer(&token);
        let answer = outlet
            .json("POST", &url, authorisation, &[], Some(&body))
            .await?;
        told(&answer)
    }
}

/// Slack's API answers 200 to what it does not do, too.
fn told(answer: &Value) -> Result<(), SendError> {
    if answer.get("ok").and_then(Value::as_bool) == Some(true) {
        return Ok(());
    }
    let error = answer.get("error").and_then(Value::as_str);
    let error = error.unwrap_or("no answer of Slack's");
    let what = format!("Slack: {}", one_line(error));
    Err(match error {
        "invalid_blocks"
        | "invalid_blocks_format"
        | "msg_too_long"
        | "no_text"
        | "invalid_arguments" => SendError::Refused(what),
        "fatal_error" | "internal_error" => SendError::Failed(what),
        // The token, the channel or the rate: so it would be with every message.
        _ => SendError::down(what),
    })
}

fn rendered(message: &Message) -> Value {
    let title = message.title(HEADER);
    let mut blocks = vec![
        json!({"type": "header", "text": plain(&title, HEADER)}),
        json!({"type": "section", "text": plain(&message.words(), TEXT)}),
    ];
    if let Some(plan) = &message.notice.plan {
        blocks.push(json!({
            "type": "actions",
            "elements": [
                button("Approve", APPROVE, "primary", plan),
                button("Deny", DENY, "danger", plan),
            ],
        }));
    }
    let level = message.notice.level.as_str();
    let text = escaped(&format!("{level}: {title}"), TEXT);
    json!({"text": text, "mrkdwn": false, "blocks": blocks})
}

fn plain(text: &str, most: usize) -> Value {
    // A text may not be empty.
    let text = if text.trim().is_empty() { "–" } else { text };
    json!({"type": "plain_text", "text": escaped(text, most), "emoji": false})
}

fn button(text: &str, action: &str, style: &str, plan: &str) -> Value {
    json!({
        "type": "button",
        "text": {"type": "plain_text", "text": text},
        "action_id": action,
        "style": style,
        "value": plan,
        "confirm": {
            "title": {"type": "plain_text", "text": format!("{text}?")},
            "text": {"type": "plain_text", "text": format!("{text} {plan}?")},
            "confirm": {"type": "plain_text", "text": text},
            "deny": {"type": "plain_text", "text": "Cancel"},
        },
    })
}

/// The text with Slack's three control characters as entities, of at most so many characters, none
/// of its entities broken.
fn escaped(text: &str, most: usize) -> String {
    let mut escaped = String::new();
    let mut length = 0;
    for character in text.chars() {
        let entity = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            _ => "",
        };
        length += entity.len().max(1);
        if length >= most {
            escaped.push('…');
            break;
        }
        if entity.is_empty() {
            escaped.push(character);
        } else {
            escaped.push_str(entity);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_slack_would_parse_is_escaped_and_never_cut_in_two() {
        assert_eq!(
            escaped("<!channel> & <@U1> <https://x|y>", 100),
            "&lt;!channel&gt; &amp; &lt;@U1&gt; &lt;https://x|y&gt;"
        );
        assert_eq!(escaped("abc<<<", 10), "abc&lt;…");
        let long = escaped(&"&".repeat(5000), TEXT);
        assert!(long.chars().count() <= TEXT && long.ends_with("&amp;…"));
    }

    #[test]
    fn an_answer_of_200_may_be_a_refusal() {
        assert_eq!(told(&json!({"ok": true})), Ok(()));
        let refused = told(&json!({"ok": false, "error": "invalid_blocks"}));
        assert!(matches!(refused, Err(SendError::Refused(_))));
        for error in ["ratelimited", "invalid_auth", "channel_not_found"] {
            let down = told(&json!({"ok": false, "error": error}));
            assert!(matches!(down, Err(SendError::Down { .. })), "{error}");
        }
        assert!(told(&Value::Null).is_err());
    }
}
