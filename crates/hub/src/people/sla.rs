//! Until when a finding is to be fixed, and what follows where it is not.

use jiff::{SignedDuration, Timestamp};

use super::clock::Clock;
use super::owners::{Owners, Subject};
use crate::finding::SeverityLabel;

/// How long a finding may stay open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sla {
    /// `CRITICAL`.
    pub critical: SignedDuration,
    /// `HIGH`.
    pub high: SignedDuration,
    /// `MEDIUM`.
    pub medium: SignedDuration,
    /// `LOW`.
    pub low: SignedDuration,
}

impl Default for Sla {
    fn default() -> Sla {
        let days = |days: i64| SignedDuration::from_hours(24 * days);
        Sla {
            critical: days(1),
            high: days(7),
            medium: days(30),
            low: days(90),
        }
    }
}

impl Sla {
    /// For a severity; none for `INFORMATIONAL`, which asks for nothing.
    pub fn of(&self, severity: SeverityLabel) -> Option<SignedDuration> {
        match severity {
            SeverityLabel::Critical => Some(self.critical),
            SeverityLabel::High => Some(self.high),
            SeverityLabel::Medium => Some(self.medium),
            SeverityLabel::Low => Some(self.low),
            SeverityLabel::Informational => None,
        }
    }
}

/// Who hears of it when a finding is overdue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Escalation {
    /// How long after it was due.
    pub after: SignedDuration,
    /// A person's name.
    pub to: String,
}

/// What `posture.yaml` says of people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    /// How long findings may stay open.
    pub sla: Sla,
    /// Who answers for them.
    pub owners: Owners,
    /// Who hears of it, the first first.
    pub escalation: Vec<Escalation>,
}

/// Where a finding stands with people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Who answers for it; none where nobody was named.
    pub owner: Option<String>,
    /// Until when it is to be fixed; none where it asks for nothing, or never did.
    pub due_at: Option<Timestamp>,
    /// It is open, and was to be fixed before now.
    pub is_overdue: bool,
    /// It was closed after it was to be.
    pub is_late: bool,
    /// To how many levels of escalation it has gone, of those there are.
    pub escalation: usize,
    /// The last of these.
    pub escalated_to: Option<String>,
}

impl People {
    /// Where a finding stands at a time.
    pub fn standing(
        &self,
        clock: &Clock,
        severity: SeverityLabel,
        subject: &Subject,
        now: Timestamp,
    ) -> Standing {
        let limit = self.sla.of(severity);
        let due_at = clock
            .opened_at
            .zip(limit)
            .and_then(|(opened, limit)| opened.checked_add(limit).ok());
        let is_overdue = clock.is_open() && due_at.is_some_and(|due| due < now);
        let is_late = due_at
            .zip(clock.closed_at)
            .is_some_and(|(due, closed)| due < closed);
        let over = due_at
            .filter(|_| is_overdue)
            .map(|due| now.duration_since(due));
        let reached = self
            .escalation
            .iter()
            .take_while(|level| over.is_some_and(|over| level.after <= over));
        let escalation = reached.clone().count();
        Standing {
            owner: self.owners.of(subject).map(str::to_owned),
            due_at,
            is_overdue,
            is_late,
            escalation,
            escalated_to: reached.last().map(|level| level.to.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn due_by_severity_and_overdue_one_moment_after() {
        let opened = Timestamp::from_second(0).unwrap();
        let clock = Clock {
            opened_at: Some(opened),
            ..Clock::default()
        };
        let hour = SignedDuration::from_hours(1);
        let level = |after: SignedDuration, to: &str| Escalation {
            after,
            to: to.to_owned(),
        };
        let people = People {
            escalation: vec![
                level(SignedDuration::ZERO, "lead"),
                level(hour * 48, "ciso"),
            ],
            ..People::default()
        };
        let stands = |severity, seconds| {
            let now = Timestamp::from_second(seconds).unwrap();
            let standing = people.standing(&clock, severity, &Subject::default(), now);
            (
                standing.is_overdue,
                standing.escalation,
                standing.escalated_to,
            )
        };
        let day = 86_400;
        assert_eq!(stands(SeverityLabel::Critical, day), (false, 0, None));
        assert_eq!(
            stands(SeverityLabel::Critical, day + 1),
            (true, 1, Some("lead".to_owned()))
        );
        assert_eq!(
            stands(SeverityLabel::Critical, 3 * day),
            (true, 2, Some("ciso".to_owned()))
        );
        assert_eq!(stands(SeverityLabel::High, 7 * day), (false, 0, None));
        assert_eq!(stands(SeverityLabel::Medium, 30 * day + 1).1, 1);
        assert_eq!(stands(SeverityLabel::Low, 90 * day + 1).1, 1);
        assert_eq!(
            stands(SeverityLabel::Informational, 900 * day),
            (false, 0, None)
        );
    }

    #[test]
    fn what_was_closed_late_is_late_and_not_overdue() {
        let clock = Clock {
            opened_at: Timestamp::from_second(0).ok(),
            closed_at: Timestamp::from_second(90_000).ok(),
            ..Clock::default()
        };
        let now = Timestamp::from_second(1_000_000).unwrap();
        let people = People::default();
        let stands = |severity| people.standing(&clock, severity, &Subject::default(), now);
        let critical = stands(SeverityLabel::Critical);
        assert!(critical.is_late && !critical.is_overdue);
        assert!(!stands(SeverityLabel::High).is_late);
    }
}
