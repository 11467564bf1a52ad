//! GitHub: an issue for each thing, commented on, and closed when it is over.
//!
//! Source: GitHub's "REST API endpoints for issues" and "… for issue comments". Bodies are Markdown;
//! ours are in a fence that is longer than any row of backticks in them, so that nothing is parsed and
//! nobody is mentioned.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::SendError;
use crate::notice::cut;
use crate::outlet::{Authorisation, Message, Outlet};
use crate::secret::{Secret, SecretRef};
use crate::tickets::Tickets;

/// Issues of a GitHub repository.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GitHub {
    /// The repository, as `owner/name`.
    repository: String,
    /// A token that may write issues.
    token: SecretRef,
    /// Labels that issues get beside ours.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    labels: Vec<String>,
    /// Where the API is, where that is not `https://api.github.com`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    api: Option<String>,
}

/// The issues of a repository.
pub(crate) struct Issues<'a> {
    github: &'a GitHub,
    outlet: &'a Outlet,
    token: Secret,
}

const TITLE: usize = 250;
/// GitHub's own limit is 65,536.
const TEXT: usize = 60_000;

impl GitHub {
    pub(crate) fn problems(&self) -> Vec<String> {
        let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let is_name = |name: &str| !name.is_empty() && name.bytes().all(is_fit);
        let parts = self.repository.split_once('/');
        if parts.is_some_and(|(owner, name)| is_name(owner) && is_name(name)) {
            return Vec::new();
        }
        vec![format!(
            "repository is {:?}, expected owner/name",
            self.repository
        )]
    }

    pub(crate) async fn issues<'a>(&'a self, outlet: &'a Outlet) -> Result<Issues<'a>, SendError> {
        Ok(Issues {
            github: self,
            outlet,
            token: outlet.secret(&self.token).await?,
        })
    }
}

impl Issues<'_> {
    async fn call(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, SendError> {
        let api = self.github.api.as_deref();
        let api = api
            .unwrap_or("https://api.github.com")
            .trim_end_matches('/');
        let url = format!("{api}/repos/{}/issues{path}", self.github.repository);
        let more = [
            ("accept", "application/vnd.github+json"),
            ("x-github-api-version", "2022-11-28"),
        ];
        let authorisation = Authorisation::Bearer(&self.token);
        self.outlet
            .json(method, &url, authorisation, &more, body)
            .await
    }
}

fn fenced(text: &str) -> String {
    let mut longest = 2;
    let mut row = 0;
    for character in text.chars() {
        row = if character == '`' { row + 1 } else { 0 };
        longest = longest.max(row);
    }
    let fence = "`".repeat(longest + 1);
    format!("{fence}text\n{}\n{fence}", cut(text, TEXT))
}

fn number(issue: Option<&Value>) -> Option<String> {
    let number = issue?.get("number")?.as_u64()?;
    Some(number.to_string())
}

impl Tickets for Issues<'_> {
    async fn find(&self, key: &str) -> Result<Option<String>, SendError> {
        let path = format!("?labels=posture-{key}&state=all&per_page=1");
        let answer = self.call("GET", &path, None).await?;
        Ok(number(answer.get(0)))
    }

    async fn open(&self, key: &str, message: &Message) -> Result<String, SendError> {
        let mut labels = self.github.labels.clone();
        labels.extend(["posture".to_owned(), format!("posture-{key}")]);
        let body = json!({
            "title": message.title(TITLE),
            "body": fenced(&message.words()),
            "labels": labels,
        });
        let answer = self.call("POST", "", Some(&body)).await?;
        let none = || SendError::Failed("GitHub answered no number of an issue".to_owned());
        number(Some(&answer)).ok_or_else(none)
    }

    async fn tell(&self, reference: &str, message: &Message) -> Result<(), SendError> {
        let text = format!("{}\n\n{}", message.title(TITLE), message.words());
        let body = json!({"body": fenced(&text)});
        let path = format!("/{reference}/comments");
        self.call("POST", &path, Some(&body)).await.map(drop)
    }

    async fn close(&self, reference: &str, message: &Message) -> Result<(), SendError> {
        self.tell(reference, message).await?;
        let body = json!({"state": "closed", "state_reason": "completed"});
        let path = format!("/{reference}");
        self.call("PATCH", &path, Some(&body)).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_its_fence() {
        assert_eq!(fenced("@admin"), "```text\n@admin\n```");
        assert_eq!(fenced("a\n````\nb"), "`````text\na\n````\nb\n`````");
    }
}
