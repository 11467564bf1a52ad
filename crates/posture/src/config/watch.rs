//! `watch` in `posture.yaml`.

use std::str::FromStr as _;

use croner::Cron;
use serde::{Deserialize, Serialize};

use super::ConfigError;

/// How `posture watch` keeps the state up to date.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct WatchConfig {
    /// When everything is read again: a cron expression, in UTC.
    pub(crate) schedule: String,
    /// The URL of an SQS queue that `EventBridge` sends events to.
    pub(crate) queue: Option<String>,
}

impl Default for WatchConfig {
    fn default() -> WatchConfig {
        WatchConfig {
            schedule: "0 */6 * * *".to_owned(),
            queue: None,
        }
    }
}

/// A schedule, read.
///
/// # Errors
/// Where it is no cron expression.
pub(crate) fn schedule(text: &str) -> Result<Cron, ConfigError> {
    Cron::from_str(text).map_err(|error| ConfigError::Schedule {
        text: text.to_owned(),
        message: error.to_string(),
    })
}
