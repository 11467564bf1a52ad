//! `people` of `posture.yaml`.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use posture_hub::{Escalation, OwnerRule, Owners, People, Sla};
use serde::{Deserialize, Serialize};

use super::ConfigError;

/// Who answers for findings, and until when they are to be fixed.
#[derive(Debug, Default, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct PeopleConfig {
    /// How many days a finding may stay open.
    sla: SlaConfig,
    /// Who answers for what; the first that fits counts.
    owners: Vec<OwnerConfig>,
    /// Who answers for what none of them fits. With nobody, it has no owner.
    default_owner: Option<String>,
    /// Who hears of findings that are overdue, the first first.
    escalation: Vec<EscalationConfig>,
}

/// How many days a finding may stay open. `INFORMATIONAL` asks for nothing.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct SlaConfig {
    /// Of `CRITICAL`.
    critical: u16,
    /// Of `HIGH`.
    high: u16,
    /// Of `MEDIUM`.
    medium: u16,
    /// Of `LOW`.
    low: u16,
}

/// Who answers for findings that fit: every member that is given must.
#[derive(Debug, Default, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct OwnerConfig {
    /// A person's name.
    owner: String,
    /// In one of these accounts.
    accounts: Vec<String>,
    /// Of one of these security controls, such as `S3.1`.
    controls: Vec<String>,
    /// About a resource of one of these types, such as `AWS::S3::Bucket`.
    types: Vec<String>,
    /// About a resource that has all of these tags with these values.
    tags: BTreeMap<String, String>,
}

/// A level of escalation.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct EscalationConfig {
    /// How many days after a finding was due.
    after_days: u16,
    /// A person's name.
    to: String,
}

impl Default for SlaConfig {
    fn default() -> SlaConfig {
        let sla = Sla::default();
        let days = |time: SignedDuration| u16::try_from(time.as_hours() / 24).unwrap_or(u16::MAX);
        SlaConfig {
            critical: days(sla.critical),
            high: days(sla.high),
            medium: days(sla.medium),
            low: days(sla.low),
        }
    }
}

fn days(count: u16) -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(count))
}

impl PeopleConfig {
    /// What is said of people, checked.
    pub(crate) fn people(&self) -> Result<People, ConfigError> {
        let wrong = |place: String, what: &str| ConfigError::People {
            place,
            what: what.to_owned(),
        };
        let sla = &self.sla;
        for (name, count) in [
            ("critical", sla.critical),
            ("high", sla.high),
            ("medium", sla.medium),
            ("low", sla.low),
        ] {
            if count == 0 {
                return Err(wrong(
                    format!("sla.{name}"),
                    "it is 0, expected a number of days",
                ));
            }
        }
        for (place, rule) in self.owners.iter().enumerate() {
            let of_rule = || format!("owners[{place}]");
            if rule.owner.trim().is_empty() {
                return Err(wrong(of_rule(), "owner is empty, expected a person's name"));
            }
            let lists = [&rule.accounts, &rule.controls, &rule.types];
            if lists.iter().all(|list| list.is_empty()) && rule.tags.is_empty() {
                let what = "it fits everything: give accounts, controls, types or tags, or set defaultOwner";
                return Err(wrong(of_rule(), what));
            }
        }
        if self
            .default_owner
            .as_ref()
            .is_some_and(|name| name.trim().is_empty())
        {
            return Err(wrong(
                "defaultOwner".to_owned(),
                "it is empty, expected a person's name",
            ));
        }
        for (place, level) in self.escalation.iter().enumerate() {
            let of_level = || format!("escalation[{place}]");
            if level.to.trim().is_empty() {
                return Err(wrong(of_level(), "to is empty, expected a person's name"));
            }
            let before = place
                .checked_sub(1)
                .and_then(|before| self.escalation.get(before));
            if before.is_some_and(|before| before.after_days >= level.after_days) {
                return Err(wrong(
                    of_level(),
                    "afterDays is not above that of the level before",
                ));
            }
        }
        let owner = |rule: &OwnerConfig| OwnerRule {
            owner: rule.owner.clone(),
            accounts: rule.accounts.clone(),
            controls: rule.controls.clone(),
            types: rule.types.clone(),
            tags: rule.tags.clone(),
        };
        let level = |level: &EscalationConfig| Escalation {
            after: days(level.after_days),
            to: level.to.clone(),
        };
        Ok(People {
            sla: Sla {
                critical: days(sla.critical),
                high: days(sla.high),
                medium: days(sla.medium),
                low: days(sla.low),
            },
            owners: Owners {
                rules: self.owners.iter().map(owner).collect(),
                default: self.default_owner.clone(),
            },
            escalation: self.escalation.iter().map(level).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(text: &str) -> Result<People, String> {
        let config: PeopleConfig = serde_saphyr::from_str(text).unwrap();
        config.people().map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_said_is_the_default_and_mistakes_are_told_with_their_place() {
        assert_eq!(people("{}"), Ok(People::default()));
        assert_eq!(people("sla: {high: 3}").unwrap().sla.high, days(3));
        for (text, expected) in [
            (
                "sla: {low: 0}",
                "people.sla.low: it is 0, expected a number of days",
            ),
            (
                "owners: [{owner: Ann}]",
                "people.owners[0]: it fits everything: give accounts, controls, types or tags, or set defaultOwner",
            ),
            (
                "owners: [{owner: ' ', accounts: [a]}]",
                "people.owners[0]: owner is empty, expected a person's name",
            ),
            (
                "defaultOwner: ''",
                "people.defaultOwner: it is empty, expected a person's name",
            ),
            (
                "escalation: [{afterDays: 1, to: a}, {afterDays: 1, to: b}]",
                "people.escalation[1]: afterDays is not above that of the level before",
            ),
        ] {
            assert_eq!(people(text).unwrap_err(), expected);
        }
    }
}
