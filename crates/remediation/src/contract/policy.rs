//! What posture.yaml says of remediation, read.

use std::collections::BTreeSet;

use jiff::civil::{Time as CivilTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::plan::{Plan, RuleFailure};

/// What is allowed, and who allows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Who may approve; with none, anybody, and the name is what was said.
    pub approvers: BTreeSet<String>,
    /// How many have to.
    pub quorum: u32,
    /// How long a plan can be approved and run.
    pub expiry: SignedDuration,
    /// Documents that run by themselves, where they are safe.
    pub automatic: BTreeSet<String>,
    /// Documents that run by themselves, where they are safe, for failures of a rule: rule and document.
    pub configured: BTreeSet<(String, String)>,
    /// Runs of a document in an account within an hour; the document's own cap holds where it is lower.
    pub per_account_hour: Option<u32>,
    /// Whether resources that code manages are changed.
    pub allow_managed: bool,
    /// Whether scripts of documents that are not ours run.
    pub scripts: bool,
    /// When changes are allowed; with none, always.
    pub windows: Vec<Window>,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            approvers: BTreeSet::new(),
            quorum: 1,
            expiry: SignedDuration::from_hours(24),
            automatic: BTreeSet::new(),
            configured: BTreeSet::new(),
            per_account_hour: None,
            allow_managed: false,
            scripts: false,
            windows: Vec::new(),
        }
    }
}

/// A time of the week in which changes are allowed.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// The days on which it begins.
    pub days: Vec<Weekday>,
    /// When it begins.
    pub from: CivilTime,
    /// When it ends; the next day where that is earlier.
    pub to: CivilTime,
    /// Whose time that is.
    pub zone: TimeZone,
}

impl Policy {
    /// Whether the configuration answers for a plan.
    pub(super) fn is_automatic(&self, plan: &Plan) -> bool {
        let for_rule = |failure: &RuleFailure| {
            let pair = (failure.rule_name.clone(), plan.document.clone());
            self.configured.contains(&pair)
        };
        self.automatic.contains(&plan.document) || plan.failure.as_ref().is_some_and(for_rule)
    }

    pub(super) fn is_open(&self, now: Timestamp) -> bool {
        self.windows.is_empty() || self.windows.iter().any(|window| window.holds(now))
    }
}

impl Window {
    fn holds(&self, now: Timestamp) -> bool {
        let now = self.zone.to_datetime(now);
        let (day, time) = (now.weekday(), now.time());
        if self.from <= self.to {
            return self.days.contains(&day) && self.from <= time && time < self.to;
        }
        let began_today = self.days.contains(&day) && self.from <= time;
        let began_yesterday = self.days.contains(&day.previous()) && time < self.to;
        began_today || began_yesterday
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_over_midnight_belongs_to_the_day_on_which_it_begins() {
        let policy = Policy {
            windows: vec![Window {
                days: vec![Weekday::Friday],
                from: CivilTime::constant(22, 0, 0, 0),
                to: CivilTime::constant(4, 0, 0, 0),
                zone: TimeZone::UTC,
            }],
            ..Policy::default()
        };
        // 2026-11-27 is a Friday.
        for (time, is_open) in [
            ("2026-11-27T21:59:59Z", false),
            ("2026-11-27T22:00:00Z", true),
            ("2026-11-28T03:59:59Z", true),
            ("2026-11-28T04:00:00Z", false),
            ("2026-11-28T22:30:00Z", false),
            ("2026-11-27T03:00:00Z", false),
        ] {
            assert_eq!(policy.is_open(time.parse().unwrap()), is_open, "{time}");
        }
    }
}
