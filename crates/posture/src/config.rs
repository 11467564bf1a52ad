//! `posture.yaml`.

mod accounts;
mod configurations;
mod evidence;
mod people;
mod remediation;
mod serve;
mod watch;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use posture_content::packs::{Pack, PackRule};
use posture_engine::{Exception, Exceptions};
use posture_model::ManagedBy;
use posture_notify::{EventsConfig, Routes};
use posture_recorder::Accounts;
use posture_remediation::RemediationConfiguration;
use posture_rules::catalogue;
use serde::{Deserialize, Serialize};

use crate::commands::{CommandError, Selection};
use accounts::AccountsConfig;
use evidence::EvidenceConfig;
pub(crate) use evidence::{LockMode, RetentionConfig, TimestampConfig};
use people::PeopleConfig;
use remediation::RemediationConfig;
use serve::ServeConfig;
use watch::WatchConfig;
pub(crate) use watch::schedule;

/// The file that is read where no other is named.
pub(crate) const FILE: &str = "posture.yaml";

/// What `posture.yaml` says. Everything has a default.
#[derive(Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schemars(title = "posture.yaml")]
pub(crate) struct Config {
    /// The packs that a scan runs: short names of built-in ones, or files of templates, relative to
    /// the folder in which the command runs.
    pub(crate) packs: Vec<String>,
    /// Single rules beside those of the packs.
    pub(crate) rules: Vec<Rule>,
    /// Whose resources are left out.
    pub(crate) managed_by: ManagedByConfig,
    /// Failures that somebody answers for, until a day.
    pub(crate) exceptions: Vec<Exception>,
    /// What remediation may do, and who allows it.
    pub(crate) remediation: RemediationConfig,
    /// How `posture watch` keeps the state up to date.
    pub(crate) watch: WatchConfig,
    /// Who answers for findings, and until when they are to be fixed.
    pub(crate) people: PeopleConfig,
    /// Which changes go where.
    pub(crate) events: EventsConfig,
    /// What `posture serve` believes.
    pub(crate) serve: ServeConfig,
    /// Which accounts are read. With nothing, the one of the credentials.
    pub(crate) accounts: AccountsConfig,
    /// The evidence log. Default: `log` in the state's folder, where there is a key beside it: `DIR.key`.
    pub(crate) evidence: Option<EvidenceConfig>,
}

/// A managed rule.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Rule {
    /// Its name or AWS identifier.
    #[serde(rename = "rule")]
    name: String,
    /// Its parameters.
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    /// Only resources of these types.
    #[serde(default)]
    types: Vec<String>,
    /// Only resources with this tag.
    #[serde(default)]
    tag_key: Option<String>,
    /// Only where the tag has this value.
    #[serde(default)]
    tag_value: Option<String>,
}

/// Who made a resource decides whether its verdicts count.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ManagedByConfig {
    /// `aws`, `aws-default`, `control-tower`, `landing-zone-accelerator`, `cloudformation`,
    /// `terraform`. What AWS makes can't be changed by anybody else, so `aws` is the default.
    exclude: Vec<String>,
}

impl Default for ManagedByConfig {
    fn default() -> ManagedByConfig {
        ManagedByConfig {
            exclude: vec![ManagedBy::Aws.as_str().to_owned()],
        }
    }
}

/// Why `posture.yaml` can't be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("{path} could not be read")]
    Read {
        path: String,
        #[source]
        cause: std::io::Error,
    },
    #[error("{path}{place}: {message}")]
    Syntax {
        path: String,
        place: String,
        message: String,
    },
    #[error("managedBy.exclude has {word:?}, expected one of {known}")]
    ManagedBy { word: String, known: String },
    #[error(
        "{text:?} is no schedule ({message}); expected five fields of cron, as in \"0 */6 * * *\""
    )]
    Schedule { text: String, message: String },
    #[error("accounts.{place}: {what}")]
    Accounts { place: String, what: String },
    #[error("people.{place}: {what}")]
    People { place: String, what: String },
    #[error("evidence.{place}: {what}")]
    Evidence { place: String, what: String },
    #[error("remediation.{place}: {what}")]
    Remediation { place: String, what: String },
}

/// Where state is kept where nobody says: the XDG Base Directory Specification's folder for it.
pub(crate) fn default_state() -> Option<String> {
    let folder = |name: &str| {
        let path = PathBuf::from(std::env::var_os(name)?);
        path.is_absolute().then_some(path)
    };
    let state = folder("XDG_STATE_HOME")
        .or_else(|| folder("HOME").map(|home| home.join(".local/state")))?;
    Some(state.join("posture").display().to_string())
}

impl Config {
    /// Reads the file named, or `posture.yaml` here where there is one.
    pub(crate) fn load(path: Option<&Path>) -> Result<Config, CommandError> {
        let path = match path {
            Some(path) => path.to_owned(),
            None if Path::new(FILE).exists() => PathBuf::from(FILE),
            None => return Ok(Config::default()),
        };
        let name = path.display().to_string();
        let text = std::fs::read_to_string(&path).map_err(|cause| ConfigError::Read {
            path: name.clone(),
            cause,
        })?;
        Ok(Config::read(&text, &name)?)
    }

    pub(crate) fn read(text: &str, name: &str) -> Result<Config, ConfigError> {
        if text.trim().is_empty() {
            return Ok(Config::default());
        }
        serde_saphyr::from_str(text).map_err(|error| {
            let place = error.location().map_or(String::new(), |location| {
                format!(":{}:{}", location.line(), location.column())
            });
            let whole = error.without_snippet().to_string();
            let line = whole.lines().next().unwrap_or_default().to_owned();
            ConfigError::Syntax {
                path: name.to_owned(),
                place,
                message: with_suggestion(&line),
            }
        })
    }

    /// The accounts that are read, checked.
    pub(crate) fn accounts(&self) -> Result<Accounts, ConfigError> {
        self.accounts.accounts(&|name| std::env::var(name).ok())
    }

    /// What is done about failures of rules: what this file says, and what its packs say of other pairs of rule and
    /// document.
    pub(crate) fn remediation_configurations(
        &self,
    ) -> Result<Vec<RemediationConfiguration>, CommandError> {
        let mut all = self.remediation.configured()?;
        for pack in Selection::of_config().packs(self)? {
            let read = |remediation| configurations::of_pack(&pack.rules, remediation);
            for of_pack in pack.remediations.iter().filter_map(read) {
                let is_same = |known: &RemediationConfiguration| {
                    known.rule_name == of_pack.rule_name && known.target_id == of_pack.target_id
                };
                if !all.iter().any(is_same) {
                    all.push(of_pack);
                }
            }
        }
        Ok(all)
    }

    /// The exceptions, checked.
    pub(crate) fn exceptions(&self) -> Result<Exceptions, CommandError> {
        let mut exclude = Vec::new();
        for word in &self.managed_by.exclude {
            let maker = ManagedBy::from_word(word).filter(|maker| *maker != ManagedBy::Customer);
            exclude.push(maker.ok_or_else(|| {
                ConfigError::ManagedBy {
                    word: word.clone(),
                    known: ManagedBy::ALL[1..]
                        .iter()
                        .map(|maker| maker.as_str())
                        .collect::<Vec<_>>()
                        .join(", "),
                }
            })?);
        }
        Ok(Exceptions::new(exclude, self.exceptions.clone())?)
    }

    /// Which changes go where, checked.
    pub(crate) fn routes(&self) -> Result<Routes, CommandError> {
        Routes::new(&self.events).map_err(CommandError::Routes)
    }

    /// The single rules as a pack, where there are any.
    pub(crate) fn own_pack(&self) -> Option<Pack> {
        let rules: Vec<PackRule> = self
            .rules
            .iter()
            .map(|rule| {
                let identifier = catalogue::find(&rule.name)
                    .map_or_else(|| rule.name.clone(), |entry| entry.rule.identifier());
                PackRule {
                    name: rule.name.clone(),
                    owner: "AWS".to_owned(),
                    identifier,
                    parameters: rule.parameters.clone(),
                    types: rule.types.clone(),
                    tag_key: rule.tag_key.clone(),
                    tag_value: rule.tag_value.clone(),
                    ..PackRule::default()
                }
            })
            .collect();
        (!rules.is_empty()).then(|| Pack {
            name: FILE.to_owned(),
            template: FILE.to_owned(),
            rules,
            remediations: Vec::new(),
        })
    }
}

/// serde names the members that it knows; the nearest one is likely what was meant.
fn with_suggestion(message: &str) -> String {
    let message = message.split(" at line ").next().unwrap_or(message);
    let parts = message
        .strip_prefix("unknown field `")
        .and_then(|rest| rest.split_once("`, expected "));
    let Some((seen, known)) = parts else {
        return message.to_owned();
    };
    let nearest = known
        .trim_start_matches("one of ")
        .split(", ")
        .map(|known| known.trim_matches('`'))
        .map(|known| (strsim::levenshtein(known, seen), known))
        .min();
    match nearest {
        Some((distance, known)) if distance <= 3 => {
            format!("{message}; did you mean `{known}`?")
        }
        _ => message.to_owned(),
    }
}
