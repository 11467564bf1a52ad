//! When a finding was opened, acknowledged and closed. Each change of a finding lets its clock go on;
//! what was closed and opens again begins anew.

use jiff::Timestamp;

use crate::finding::{ComplianceStatus, RecordState, WorkflowStatus};

/// The times of a finding, since it was opened last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Clock {
    /// When what it tells of began, as far as its provider knows.
    pub began_at: Option<Timestamp>,
    /// When it was detected: the hub took it, and there was something to do. None where there never was.
    pub opened_at: Option<Timestamp>,
    /// When somebody took notice: the workflow became `NOTIFIED`, or a person wrote a note, suppressed
    /// or resolved it.
    pub acknowledged_at: Option<Timestamp>,
    /// When there was nothing to do any more.
    pub closed_at: Option<Timestamp>,
    /// Why.
    pub closed_as: Option<ClosedAs>,
}

/// Why there is nothing to do any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClosedAs {
    /// Its check passes; or, where it is of no check, somebody resolved it.
    Fixed,
    /// Somebody resolved it, and its check does not pass.
    Resolved,
    /// It was archived: its resource is gone, or its check.
    Gone,
    /// It was suppressed, by a person, a rule or an exception.
    Suppressed,
}

impl ClosedAs {
    /// The word for outputs and for storing.
    pub fn as_str(self) -> &'static str {
        match self {
            ClosedAs::Fixed => "fixed",
            ClosedAs::Resolved => "resolved",
            ClosedAs::Gone => "gone",
            ClosedAs::Suppressed => "suppressed",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<ClosedAs> {
        let all = [
            ClosedAs::Fixed,
            ClosedAs::Resolved,
            ClosedAs::Gone,
            ClosedAs::Suppressed,
        ];
        all.into_iter().find(|one| one.as_str() == word)
    }
}

/// What a clock sees of a finding.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) record_state: RecordState,
    pub(crate) compliance: Option<ComplianceStatus>,
    pub(crate) workflow: WorkflowStatus,
    /// Whether a person said something of it just now.
    pub(crate) is_said: bool,
}

impl Seen {
    fn closed_as(self) -> Option<ClosedAs> {
        if self.workflow == WorkflowStatus::Suppressed {
            return Some(ClosedAs::Suppressed);
        }
        if self.compliance == Some(ComplianceStatus::Passed) {
            return Some(ClosedAs::Fixed);
        }
        if self.record_state == RecordState::Archived {
            return Some(ClosedAs::Gone);
        }
        match (self.workflow, self.compliance) {
            (WorkflowStatus::Resolved, None) => Some(ClosedAs::Fixed),
            (WorkflowStatus::Resolved, Some(_)) => Some(ClosedAs::Resolved),
            _ => None,
        }
    }
}

impl Clock {
    /// Whether there is something to do.
    pub fn is_open(&self) -> bool {
        self.opened_at.is_some() && self.closed_at.is_none()
    }
}

/// The clock after a finding was seen so, and the one that ended, where another begins. `began` is when
/// what it tells of began, should that be now.
pub(crate) fn go_on(
    before: Clock,
    seen: Seen,
    began: Timestamp,
    now: Timestamp,
) -> (Clock, Option<Clock>) {
    let closed_as = seen.closed_as();
    let is_noticed = seen.is_said || seen.workflow == WorkflowStatus::Notified;
    match (before.is_open(), closed_as) {
        (false, Some(_)) => (before, None),
        (false, None) => {
            let clock = Clock {
                began_at: Some(began),
                opened_at: Some(now),
                acknowledged_at: is_noticed.then_some(now),
                closed_at: None,
                closed_as: None,
            };
            (clock, before.opened_at.is_some().then_some(before))
        }
        (true, _) => {
            let noticed = before.acknowledged_at.or(is_noticed.then_some(now));
            let clock = Clock {
                acknowledged_at: noticed,
                closed_at: closed_as.map(|_| now),
                closed_as,
                ..before
            };
            (clock, None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ComplianceStatus::{Failed, Passed};
    use RecordState::{Active, Archived};
    use WorkflowStatus::{New, Notified, Resolved, Suppressed};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn seen(
        record_state: RecordState,
        compliance: impl Into<Option<ComplianceStatus>>,
        workflow: WorkflowStatus,
    ) -> Seen {
        Seen {
            record_state,
            compliance: compliance.into(),
            workflow,
            is_said: false,
        }
    }

    fn times(clock: &Clock) -> [Option<i64>; 4] {
        let all = [
            clock.began_at,
            clock.opened_at,
            clock.acknowledged_at,
            clock.closed_at,
        ];
        all.map(|time| time.map(Timestamp::as_second))
    }

    #[test]
    fn from_the_first_word_to_the_fix() {
        let (clock, _) = go_on(Clock::default(), seen(Active, Failed, New), at(5), at(10));
        assert_eq!(times(&clock), [Some(5), Some(10), None, None]);
        let (clock, _) = go_on(clock, seen(Active, Failed, Notified), at(0), at(20));
        let (clock, _) = go_on(clock, seen(Active, Failed, Notified), at(0), at(30));
        let (clock, ended) = go_on(clock, seen(Active, Passed, Resolved), at(0), at(40));
        assert_eq!(times(&clock), [Some(5), Some(10), Some(20), Some(40)]);
        assert_eq!((clock.closed_as, ended), (Some(ClosedAs::Fixed), None));
    }

    #[test]
    fn what_fails_again_begins_anew_and_the_first_time_is_kept() {
        let (open, _) = go_on(Clock::default(), seen(Active, Failed, New), at(1), at(1));
        let (closed, _) = go_on(open, seen(Active, Passed, Resolved), at(1), at(2));
        let (still, ended) = go_on(closed, seen(Active, Passed, Resolved), at(3), at(3));
        assert_eq!((still, ended), (closed, None));
        let (again, ended) = go_on(closed, seen(Active, Failed, New), at(4), at(5));
        assert_eq!(times(&again), [Some(4), Some(5), None, None]);
        assert_eq!(ended, Some(closed));
    }

    #[test]
    fn only_a_check_that_passes_is_a_fix() {
        for (last, expected) in [
            (seen(Active, Failed, Resolved), ClosedAs::Resolved),
            (seen(Active, None, Resolved), ClosedAs::Fixed),
            (seen(Active, Failed, Suppressed), ClosedAs::Suppressed),
            (seen(Archived, Failed, New), ClosedAs::Gone),
            (seen(Active, Passed, Notified), ClosedAs::Fixed),
        ] {
            let (open, _) = go_on(Clock::default(), seen(Active, Failed, New), at(1), at(1));
            let (closed, _) = go_on(open, last, at(1), at(2));
            assert_eq!(closed.closed_as, Some(expected), "{last:?}");
        }
        let never = go_on(
            Clock::default(),
            seen(Active, Passed, Resolved),
            at(1),
            at(1),
        );
        assert_eq!(never, (Clock::default(), None));
    }

    #[test]
    fn whoever_says_something_has_taken_notice() {
        let (open, _) = go_on(Clock::default(), seen(Active, Failed, New), at(1), at(1));
        let mut note = seen(Active, Failed, New);
        note.is_said = true;
        assert_eq!(
            go_on(open, note, at(1), at(7)).0.acknowledged_at,
            Some(at(7))
        );
        let mut suppress = seen(Active, Failed, Suppressed);
        suppress.is_said = true;
        let closed = go_on(open, suppress, at(1), at(8)).0;
        assert_eq!(times(&closed), [Some(1), Some(1), Some(8), Some(8)]);
    }
}
