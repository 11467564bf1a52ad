//! `serve` of `posture.yaml`.

use std::collections::BTreeMap;

use posture_notify::SecretRef;
use posture_web::SlackApp;
use serde::{Deserialize, Serialize};

/// What `posture serve` believes.
#[derive(Debug, Default, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct ServeConfig {
    /// The Slack app whose buttons approve and deny plans.
    slack: Option<SlackConfig>,
}

/// A Slack app.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SlackConfig {
    /// Its signing secret.
    signing_secret: SecretRef,
    /// Who a user of Slack is: an approver's name by the user's id. One who is not here is `slack:`
    /// and the id.
    #[serde(default)]
    users: BTreeMap<String, String>,
}

/// Where Slack takes answers.
const ANSWERS: &str = "https://hooks.slack.com/";

impl ServeConfig {
    /// The app.
    pub(crate) fn slack(&self) -> Option<SlackApp> {
        self.slack.as_ref().map(|slack| SlackApp {
            signing_secret: slack.signing_secret.clone(),
            users: slack.users.clone(),
            answers: ANSWERS.to_owned(),
        })
    }
}
