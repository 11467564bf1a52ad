//! `events` of `posture.yaml`: which changes go where.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::targets::TargetKind;

/// Which changes go where: rules choose events, targets get them.
#[derive(Debug, Clone, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct EventsConfig {
    /// A page that messages link to, such as that of a dashboard.
    pub link: Option<String>,
    /// Which events go to which targets.
    pub rules: Vec<RuleConfig>,
    /// Where events go.
    pub targets: Vec<TargetConfig>,
}

/// A rule: events that match the pattern go to the targets.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuleConfig {
    /// Its name.
    pub name: String,
    /// An EventBridge event pattern, as YAML.
    pub pattern: Value,
    /// The targets, by name.
    pub targets: Vec<String>,
    /// What the targets get instead of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transformer: Option<TransformerConfig>,
}

/// EventBridge's input transformer.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TransformerConfig {
    /// Variables, and the JSON path of each in the event.
    #[serde(default)]
    pub input_paths_map: BTreeMap<String, String>,
    /// JSON, or quoted text, with `<variable>` where a variable's value goes.
    pub input_template: String,
}

/// A target.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TargetConfig {
    /// Its name.
    pub name: String,
    /// Messages a minute, at most. 60 where people read them, 6000 for machines, where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_minute: Option<u32>,
    /// More messages than these, waiting at once, are sent as one with a count; 0 for never. 20 where
    /// people read them, 0 for machines, where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_over: Option<u32>,
    /// For how many hours a message is tried again before it is a dead letter. 24 where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_hours: Option<u32>,
    /// What it is.
    #[serde(flatten)]
    pub kind: TargetKind,
}
