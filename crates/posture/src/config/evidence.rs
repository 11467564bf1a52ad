//! `evidence` in `posture.yaml`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use posture_audit::RetentionRules;
use posture_ledger::RecordType;
use serde::{Deserialize, Serialize};

use super::ConfigError;

/// Where evidence is kept, and for how long.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct EvidenceConfig {
    /// The log: a folder, `s3://BUCKET` or `s3://BUCKET/PREFIX`.
    pub(crate) log: String,
    /// The file of the key that signs it, as `posture keys new` makes it.
    pub(crate) key: PathBuf,
    /// S3's Object Lock on each object of a log in a bucket that has it.
    #[serde(default)]
    pub(crate) retention: Option<RetentionConfig>,
    /// Who stamps the log's checkpoints (RFC 3161), where somebody does.
    #[serde(default)]
    pub(crate) timestamp: Option<TimestampConfig>,
    /// How long bodies are kept, by the type of their records, such as `upload: 7y` or
    /// `user-activity: 400d`. What has no rule is kept for ever. `posture evidence expire` applies it.
    #[serde(default)]
    pub(crate) retain: BTreeMap<String, String>,
}

/// A timestamp authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TimestampConfig {
    /// Where it answers requests of RFC 3161 over HTTP.
    pub(crate) url: String,
    /// The least number of hours between two timestamps. `0` stamps every checkpoint.
    #[serde(default = "daily")]
    pub(crate) every_hours: u32,
    /// Files with certificates in PEM, the authority's or those above it: an answer that leads to none
    /// of them is not kept. Without any, whoever answers is taken.
    #[serde(default)]
    pub(crate) certificates: Vec<PathBuf>,
}

fn daily() -> u32 {
    24
}

/// An S3 Object Lock retention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RetentionConfig {
    /// Who may end it early.
    pub(crate) mode: LockMode,
    /// For how many days from its writing an object cannot be removed.
    pub(crate) days: u32,
}

/// S3's retention modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum LockMode {
    /// Whoever has `s3:BypassGovernanceRetention` can.
    Governance,
    /// Nobody can, the account's root user included.
    Compliance,
}

impl EvidenceConfig {
    /// The rules of `retain`, checked.
    pub(crate) fn rules(&self) -> Result<RetentionRules, ConfigError> {
        let mut rules = RetentionRules::default();
        for (name, text) in &self.retain {
            let refuse = |what: String| ConfigError::Evidence {
                place: format!("retain.{name}"),
                what,
            };
            let kind = RecordType::of_bodies().find(|kind| kind.as_str() == name);
            let kind = kind.ok_or_else(|| {
                let known: Vec<&str> = RecordType::of_bodies().map(RecordType::as_str).collect();
                refuse(format!(
                    "no evidence is of this type, expected one of {}",
                    known.join(", ")
                ))
            })?;
            rules.add(kind, text).map_err(refuse)?;
        }
        Ok(rules)
    }
}
