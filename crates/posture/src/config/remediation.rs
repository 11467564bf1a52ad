//! `remediation` of `posture.yaml`.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use posture_remediation::{Policy, RemediationConfiguration, Window};
use serde::{Deserialize, Serialize};

use super::ConfigError;
use super::configurations::ConfigurationConfig;

/// What remediation may do, and who allows it.
#[derive(Debug, Default, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct RemediationConfig {
    /// Who may approve plans. With none, anybody, and the name is what was said.
    approvers: BTreeSet<String>,
    /// How many of them have to approve a plan, never the one who asked for it. 1 where nothing is said.
    quorum: Option<u32>,
    /// For how many hours a plan can be approved and run. 24 where nothing is said.
    expires_hours: Option<u32>,
    /// Documents that run without approval, by name. Only those whose safety is `safe` do.
    automatic: BTreeSet<String>,
    /// What is done about failures of rules, as AWS Config's remediation configurations say it.
    configurations: Vec<ConfigurationConfig>,
    /// Runs of one document in one account within an hour, at most; the document's own cap holds where it is lower.
    per_account_hour: Option<u32>,
    /// Whether resources are changed that CloudFormation or Terraform manages, which would put them back.
    allow_managed: bool,
    /// Whether scripts in your own documents run: Python, without credentials, with limits.
    scripts: bool,
    /// When runs may start. With none, always.
    windows: Vec<WindowConfig>,
    /// Folders with your own documents: `<name>.document.yaml` beside `<name>.safety.yaml`.
    pub(crate) documents: Vec<String>,
}

/// A time of the week.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct WindowConfig {
    /// The days on which it begins: `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`.
    days: Vec<String>,
    /// When it begins, such as `22:00`.
    from: String,
    /// When it ends; on the next day where that is earlier.
    to: String,
    /// Whose time that is, such as `Europe/Berlin`. UTC where nothing is said.
    #[serde(default)]
    zone: Option<String>,
}

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

impl RemediationConfig {
    /// What is allowed, checked.
    pub(crate) fn policy(&self) -> Result<Policy, ConfigError> {
        let default = Policy::default();
        let quorum = self.quorum.unwrap_or(default.quorum);
        let approvers = self.approvers.len();
        if quorum == 0 || (approvers > 0 && quorum as usize > approvers) {
            return Err(ConfigError::Remediation {
                place: "quorum".to_owned(),
                what: format!("it is {quorum}, and there are {approvers} approvers"),
            });
        }
        let expiry = self.expires_hours.map_or(default.expiry, |hours| {
            SignedDuration::from_hours(i64::from(hours))
        });
        Ok(Policy {
            approvers: self.approvers.clone(),
            quorum,
            expiry,
            automatic: self.automatic.clone(),
            configured: self
                .configured()?
                .into_iter()
                .filter(|configuration| configuration.is_automatic)
                .map(|configuration| (configuration.rule_name, configuration.target_id))
                .collect(),
            per_account_hour: self.per_account_hour,
            allow_managed: self.allow_managed,
            scripts: self.scripts,
            windows: self
                .windows
                .iter()
                .map(WindowConfig::window)
                .collect::<Result<_, _>>()?,
        })
    }
}

impl RemediationConfig {
    /// The remediation configurations, checked.
    pub(super) fn configured(&self) -> Result<Vec<RemediationConfiguration>, ConfigError> {
        let read = self.configurations.iter().map(ConfigurationConfig::read);
        read.collect()
    }
}

impl WindowConfig {
    fn window(&self) -> Result<Window, ConfigError> {
        let wrong = |place: &str, what: String| ConfigError::Remediation {
            place: format!("windows.{place}"),
            what,
        };
        let mut days = Vec::new();
        for word in &self.days {
            let day = DAYS.iter().find(|(name, _)| name == word);
            let day = day.ok_or_else(|| {
                let known: Vec<&str> = DAYS.iter().map(|(name, _)| *name).collect();
                wrong(
                    "days",
                    format!("{word:?} is no day; those are {}", known.join(", ")),
                )
            })?;
            days.push(day.1);
        }
        let time = |place: &str, text: &str| {
            text.parse::<Time>()
                .map_err(|error| wrong(place, format!("{text:?} is no time of day: {error}")))
        };
        let zone = match &self.zone {
            None => TimeZone::UTC,
            Some(name) => TimeZone::get(name).map_err(|error| wrong("zone", error.to_string()))?,
        };
        Ok(Window {
            days,
            from: time("from", &self.from)?,
            to: time("to", &self.to)?,
            zone,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(text: &str) -> Result<Policy, String> {
        let config: RemediationConfig = serde_saphyr::from_str(text).unwrap();
        config.policy().map_err(|error| error.to_string())
    }

    #[test]
    fn windows_are_read_and_mistakes_are_told() {
        let read = policy("windows: [{days: [fri], from: '22:00', to: '04:00'}]").unwrap();
        assert_eq!(read.windows[0].days, [Weekday::Friday]);
        for (text, expected) in [
            (
                "windows: [{days: [friday], from: '22:00', to: '04:00'}]",
                "remediation.windows.days: \"friday\" is no day; those are mon, tue, wed, thu, fri, sat, sun",
            ),
            (
                "{approvers: [a], quorum: 2}",
                "remediation.quorum: it is 2, and there are 1 approvers",
            ),
            (
                "quorum: 0",
                "remediation.quorum: it is 0, and there are 0 approvers",
            ),
        ] {
            assert_eq!(policy(text).unwrap_err(), expected);
        }
        assert!(policy("windows: [{days: [fri], from: '25:00', to: '04:00'}]").is_err());
        assert!(policy("windows: [{days: [], from: '22:00', to: '04:00', zone: Mars}]").is_err());
    }
}
