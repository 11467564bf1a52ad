//! What an assessment is about.

use std::fmt;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use crate::error::AuditError;
use crate::period::{Period, day, start};

/// What an assessment is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scope {
    /// The framework's name.
    pub framework: String,
    /// Its version.
    pub framework_version: String,
    /// Accounts; all that are recorded where there are none.
    pub accounts: Vec<String>,
    /// Regions; all where there are none. What belongs to no Region is in it all the same.
    pub regions: Vec<String>,
    /// Tags, of which a resource has to have every one; any resource where there are none. The
    /// account as a whole, which has no tags, is in it all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<TagFilter>,
    /// How often the APIs are asked that its controls name.
    #[serde(default, skip_serializing_if = "Frequency::is_daily")]
    pub api_calls: Frequency,
    /// The period.
    pub period: Period,
}

/// A tag that a resource has to have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TagFilter {
    /// Its key.
    pub key: String,
    /// Its value; any where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// Audit Manager's frequencies of API calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Frequency {
    /// Once a day, in UTC.
    #[default]
    Daily,
    /// Once a week from Monday on.
    Weekly,
    /// Once a month.
    Monthly,
    /// Only when somebody asks for it.
    Never,
}

impl TagFilter {
    /// Reads `key=value`, or `key` for any value.
    ///
    /// # Errors
    /// Where there is no key.
    pub fn read(text: &str) -> Result<TagFilter, AuditError> {
        let (key, value) = match text.split_once('=') {
            Some((key, value)) => (key, Some(value.to_owned())),
            None => (text, None),
        };
        if key.is_empty() {
            return Err(AuditError::Tag {
                text: text.to_owned(),
            });
        }
        Ok(TagFilter {
            key: key.to_owned(),
            value,
        })
    }
}

/// The Region of what has none.
const GLOBAL: &str = "global";

impl fmt::Display for TagFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Some(value) => write!(f, "{}={value}", self.key),
            None => f.write_str(&self.key),
        }
    }
}

impl Scope {
    /// Whether an account and a Region are in it; `global` always is.
    pub fn has(&self, account_id: &str, aws_region: &str) -> bool {
        self.has_account(account_id) && (aws_region == GLOBAL || is_in(&self.regions, aws_region))
    }

    /// Whether an account is in it.
    pub(crate) fn has_account(&self, account_id: &str) -> bool {
        is_in(&self.accounts, account_id)
    }

    /// The same scope of a part of its period.
    ///
    /// # Errors
    /// Where it is no part of it.
    pub fn part(&self, period: Period) -> Result<Scope, AuditError> {
        if period.from < self.period.from || period.until > self.period.until {
            return Err(AuditError::NoPart {
                part: period.to_string(),
                period: self.period.to_string(),
            });
        }
        Ok(Scope {
            period,
            ..self.clone()
        })
    }
}

fn is_in(list: &[String], text: &str) -> bool {
    list.is_empty() || list.iter().any(|one| one == text)
}

impl Frequency {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "what serde hands to such a function"
    )]
    fn is_daily(&self) -> bool {
        *self == Frequency::Daily
    }

    /// The word for outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Frequency::Daily => "daily",
            Frequency::Weekly => "weekly",
            Frequency::Monthly => "monthly",
            Frequency::Never => "never",
        }
    }

    /// The first day of the turn that a day is in; none where there are no turns.
    pub fn turn(self, date: Date) -> Option<Date> {
        match self {
            Frequency::Daily => Some(date),
            Frequency::Weekly => {
                let days = date.weekday().to_monday_zero_offset();
                date.checked_sub(i64::from(days).days()).ok()
            }
            Frequency::Monthly => Some(date.first_of_month()),
            Frequency::Never => None,
        }
    }

    /// When the turn began that a time is in.
    pub fn turn_began(self, at: Timestamp) -> Option<Timestamp> {
        start(self.turn(day(at))?)
    }

    /// The turns of a period that have begun by a time, each by its first day. The first may have
    /// begun before the period.
    pub fn turns(self, period: &Period, by: Timestamp) -> Vec<Date> {
        let by = by.min(
            period
                .until
                .saturating_sub(SignedDuration::from_micros(1))
                .unwrap_or(by),
        );
        let last = day(by);
        let mut turns: Vec<Date> = period
            .days()
            .take_while(|date| *date <= last)
            .filter_map(|date| self.turn(date))
            .collect();
        turns.dedup();
        turns
    }

    /// How long after a turn began its evidence is of use where the next one is not there yet: a
    /// turn and a day.
    pub fn lasts(self) -> SignedDuration {
        SignedDuration::from_hours(match self {
            Frequency::Daily => 48,
            Frequency::Weekly => 8 * 24,
            Frequency::Monthly | Frequency::Never => 32 * 24,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_days_weeks_from_monday_and_months() {
        let period = Period::read("2026-04-01..2026-04-20").unwrap();
        let by: Timestamp = "2026-04-14T12:00:00Z".parse().unwrap();
        let turns = |frequency: Frequency| -> Vec<String> {
            let turns = frequency.turns(&period, by);
            turns.iter().map(ToString::to_string).collect()
        };
        assert_eq!(turns(Frequency::Daily).len(), 14);
        assert_eq!(
            turns(Frequency::Weekly),
            ["2026-03-30", "2026-04-06", "2026-04-13"]
        );
        assert_eq!(turns(Frequency::Monthly), ["2026-04-01"]);
        assert!(turns(Frequency::Never).is_empty());
        let late: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(Frequency::Daily.turns(&period, late).len(), 20);
    }

    #[test]
    fn a_tag_has_a_key() {
        let tag = TagFilter::read("env=prod=1").unwrap();
        assert_eq!(
            (tag.key.as_str(), tag.value.as_deref()),
            ("env", Some("prod=1"))
        );
        assert_eq!(TagFilter::read("env").unwrap().value, None);
        assert!(TagFilter::read("=prod").is_err());
    }
}
