//! `POST /slack/interactions`: a click on a button of a message.
//!
//! Source: Slack's "block_actions payload" and "Handling user interaction in your Slack apps": a form
//! with `payload`, JSON; answered at once, and in words through its `response_url`.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use posture_aws::HttpRequest;
use posture_notify::{SLACK_APPROVE, SLACK_DENY};
use serde_json::{Value, json};
use tracing::{error, info, warn};

use crate::backend::{Backend, Word};
use crate::serve::{SlackApp, Web};

/// A click that counts.
#[derive(Debug, PartialEq, Eq)]
struct Click {
    user: String,
    plan: String,
    word: Word,
    /// Where the answer goes.
    answer_to: Option<String>,
}

pub(crate) async fn click<B: Backend>(
    State(web): State<Arc<Web<B>>>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, &'static str) {
    let Some(slack) = &web.slack else {
        return (StatusCode::NOT_FOUND, "no Slack app is set up\n");
    };
    let secret = match web.secrets.get(&slack.signing_secret).await {
        Ok(secret) => secret,
        Err(error) => {
            error!("clicks in Slack can't be checked: {error}");
            return (StatusCode::SERVICE_UNAVAILABLE, "not set up\n");
        }
    };
    let header = |name: &str| headers.get(name)?.to_str().ok();
    let checked = web.signatures.check(
        &secret,
        header("x-slack-request-timestamp"),
        header("x-slack-signature"),
        &body,
        (web.clock)(),
    );
    if let Err(forged) = checked {
        warn!("a click in Slack is not believed: {}", forged.as_str());
        return (StatusCode::UNAUTHORIZED, "not signed by Slack\n");
    }
    let Some(click) = read(&body) else {
        return (StatusCode::BAD_REQUEST, "no click on a button of ours\n");
    };
    // Slack gives up after three seconds: the answer goes its own way.
    let said = decide(&web, slack, &click).await;
    answer(&web, slack, &click, &said).await;
    (StatusCode::OK, "")
}

async fn decide<B: Backend>(web: &Web<B>, slack: &SlackApp, click: &Click) -> String {
    let known = slack.users.get(&click.user);
    let by = known.map_or_else(|| format!("slack:{}", click.user), Clone::clone);
    match web.backend.decide(&click.plan, &by, click.word).await {
        Ok(said) => {
            info!("{by} said {:?} to {} in Slack", click.word, click.plan);
            said
        }
        Err(why) => {
            warn!(
                "{by} said {:?} to {} in Slack, in vain",
                click.word, click.plan
            );
            format!("This did not count: {why}")
        }
    }
}

async fn answer<B: Backend>(web: &Web<B>, slack: &SlackApp, click: &Click, said: &str) {
    let Some(url) = &click.answer_to else {
        return;
    };
    if !url.starts_with(&slack.answers) {
        warn!("an answer was not sent: its address is not Slack's");
        return;
    }
    let escaped = said
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let body = json!({"response_type": "ephemeral", "replace_original": false, "text": escaped});
    let request = HttpRequest {
        method: "POST",
        url,
        headers: vec![("content-type", "application/json".to_owned())],
        body: body.to_string().into_bytes(),
    };
    if let Err(error) = web.http.send(request).await {
        warn!("an answer did not arrive in Slack: {error}");
    }
}

/// The click in a request whose signature holds; none where it is none of ours.
fn read(body: &[u8]) -> Option<Click> {
    let mut fields = form_urlencoded::parse(body);
    let (_, payload) = fields.find(|(name, _)| name == "payload")?;
    let payload: Value = serde_json::from_str(&payload).ok()?;
    let text = |pointer: &str| payload.pointer(pointer)?.as_str().map(str::to_owned);
    if text("/type")? != "block_actions" {
        return None;
    }
    let word = match text("/actions/0/action_id")?.as_str() {
        SLACK_APPROVE => Word::Approve,
        SLACK_DENY => Word::Deny,
        _ => return None,
    };
    Some(Click {
        user: text("/user/id")?,
        plan: text("/actions/0/value")?,
        word,
        answer_to: text("/response_url"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(payload: &Value) -> Vec<u8> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("payload", &payload.to_string());
        form.finish().into_bytes()
    }

    #[test]
    fn a_click_is_a_user_s_word_on_a_plan() {
        let payload = json!({
            "type": "block_actions",
            "user": {"id": "U1", "name": "anna"},
            "response_url": "https://hooks.slack.com/actions/T/1/x",
            "actions": [{"action_id": "posture_approve", "value": "plan-1", "type": "button"}],
        });
        let click = Click {
            user: "U1".to_owned(),
            plan: "plan-1".to_owned(),
            word: Word::Approve,
            answer_to: Some("https://hooks.slack.com/actions/T/1/x".to_owned()),
        };
        assert_eq!(read(&form(&payload)), Some(click));
        for (pointer, other) in [
            ("/type", "view_submission"),
            ("/actions/0/action_id", "another_app"),
        ] {
            let mut payload = payload.clone();
            *payload.pointer_mut(pointer).unwrap() = json!(other);
            assert_eq!(read(&form(&payload)), None, "{pointer}");
        }
        assert_eq!(read(b"payload=%7B"), None);
        assert_eq!(read(b"\xff\xfe"), None);
    }
}
