//! Jira: an issue for each thing, commented on, and moved on when it is over.
//!
//! Source: "The Jira Cloud platform REST API", version 2 (issues, issue comments, transitions, issue
//! search), and the same of Jira Data Center. Descriptions and comments are Jira's wiki markup; ours
//! are in `{noformat}`, in which nothing is parsed.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::no_url;
use crate::error::SendError;
use crate::notice::cut;
use crate::outlet::{Authorisation, Message, Outlet};
use crate::secret::{Secret, SecretRef};
use crate::tickets::Tickets;

/// Issues of a Jira project.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Jira {
    /// Where Jira is, such as `https://example.atlassian.net`.
    url: String,
    /// In Jira Cloud: the e-mail address of the token's user. Without it, the token is a personal
    /// access token of Jira Data Center.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    /// The API token.
    token: SecretRef,
    /// The project's key.
    project: String,
    /// The type of the issues.
    #[serde(default = "task")]
    issue_type: String,
    /// The transition that ends an issue, by name. Where none is named: the first that leads to a
    /// status of the category Done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    close_transition: Option<String>,
}

fn task() -> String {
    "Task".to_owned()
}

/// The issues of a project.
pub(crate) struct Issues<'a> {
    jira: &'a Jira,
    outlet: &'a Outlet,
    token: Secret,
}

const SUMMARY: usize = 250;
/// Jira's own limit is 32,767.
const TEXT: usize = 30_000;

impl Jira {
    pub(crate) fn problems(&self) -> Vec<String> {
        let is_key = |key: &str| {
            !key.is_empty()
                && key
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        let mut problems: Vec<String> = no_url(&self.url).into_iter().collect();
        if !is_key(&self.project) {
            problems.push(format!(
                "project is {:?}, no key of a project",
                self.project
            ));
        }
        problems
    }

    pub(crate) async fn issues<'a>(&'a self, outlet: &'a Outlet) -> Result<Issues<'a>, SendError> {
        Ok(Issues {
            jira: self,
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
        let url = format!("{}/rest/api/2/{path}", self.jira.url.trim_end_matches('/'));
        let authorisation = match &self.jira.user {
            Some(user) => Authorisation::Basic(user, &self.token),
            None => Authorisation::Bearer(&self.token),
        };
        self.outlet
            .json(method, &url, authorisation, &[], body)
            .await
    }

    /// The transition that ends an issue; none where it is over.
    async fn ending(&self, issue: &str) -> Result<Option<String>, SendError> {
        let path = format!("issue/{issue}/transitions");
        let answer = self.call("GET", &path, None).await?;
        let transitions = answer.get("transitions").and_then(Value::as_array);
        let text = |value: &Value, pointer: &str| {
            let found = value.pointer(pointer).and_then(Value::as_str);
            found.unwrap_or_default().to_owned()
        };
        let ending = transitions.into_iter().flatten().find(|transition| {
            match &self.jira.close_transition {
                Some(name) => text(transition, "/name").eq_ignore_ascii_case(name),
                None => text(transition, "/to/statusCategory/key") == "done",
            }
        });
        if let Some(ending) = ending {
            return Ok(Some(text(ending, "/id")));
        }
        let path = format!("issue/{issue}?fields=status");
        let answer = self.call("GET", &path, None).await?;
        if text(&answer, "/fields/status/statusCategory/key") == "done" {
            return Ok(None);
        }
        Err(SendError::Failed(format!(
            "{issue} has no transition that ends it; name one as closeTransition"
        )))
    }
}

fn quoted(text: &str) -> String {
    let text = text.replace("{noformat", "{ noformat");
    format!("{{noformat}}\n{}\n{{noformat}}", cut(&text, TEXT))
}

/// An issue's key is a part of a path.
fn checked(key: &str) -> Result<String, SendError> {
    let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if key.is_empty() || !key.bytes().all(is_fit) {
        return Err(SendError::Failed(format!(
            "Jira answered {key:?}, which is no issue's key"
        )));
    }
    Ok(key.to_owned())
}

impl Tickets for Issues<'_> {
    async fn find(&self, key: &str) -> Result<Option<String>, SendError> {
        // Cloud has moved the search.
        let search = if self.jira.user.is_some() {
            "search/jql"
        } else {
            "search"
        };
        let project = &self.jira.project;
        let jql =
            format!("project%20%3D%20%22{project}%22%20AND%20labels%20%3D%20%22posture-{key}%22");
        let path = format!("{search}?jql={jql}&fields=status&maxResults=1");
        let answer = self.call("GET", &path, None).await?;
        let found = answer.pointer("/issues/0/key").and_then(Value::as_str);
        found.map(checked).transpose()
    }

    async fn open(&self, key: &str, message: &Message) -> Result<String, SendError> {
        let body = json!({"fields": {
            "project": {"key": self.jira.project},
            "issuetype": {"name": self.jira.issue_type},
            "summary": message.title(SUMMARY),
            "description": quoted(&message.words()),
            "labels": ["posture", format!("posture-{key}")],
        }});
        let answer = self.call("POST", "issue", Some(&body)).await?;
        checked(
            answer
                .get("key")
                .and_then(Value::as_str)
                .unwrap_or_default(),
        )
    }

    async fn tell(&self, reference: &str, message: &Message) -> Result<(), SendError> {
        let text = format!("{}\n\n{}", message.title(SUMMARY), message.words());
        let body = json!({"body": quoted(&text)});
        let path = format!("issue/{reference}/comment");
        self.call("POST", &path, Some(&body)).await.map(drop)
    }

    async fn close(&self, reference: &str, message: &Message) -> Result<(), SendError> {
        let Some(transition) = self.ending(reference).await? else {
            return Ok(());
        };
        self.tell(reference, message).await?;
        let body = json!({"transition": {"id": transition}});
        let path = format!("issue/{reference}/transitions");
        self.call("POST", &path, Some(&body)).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_quotation() {
        let text = quoted("a {noformat} [~admin] !x!");
        assert_eq!(text, "{noformat}\na { noformat} [~admin] !x!\n{noformat}");
        assert!(checked("OPS-1").is_ok());
        assert!(checked("../../x").is_err());
    }
}
