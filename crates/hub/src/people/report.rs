//! How long it takes people: to detect, to acknowledge, to fix.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::clock::{Clock, ClosedAs};
use super::owners::Subject;
use super::sla::People;
use crate::finding::SeverityLabel;

/// One time that a finding was open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Episode {
    /// Its times.
    pub(crate) clock: Clock,
    /// The severity that counts.
    pub(crate) severity: SeverityLabel,
    /// What it is about.
    pub(crate) subject: Subject,
}

/// By what episodes are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The security control.
    Control,
    /// Who answers.
    Owner,
    /// The severity.
    Severity,
}

/// How long things took, in seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Durations {
    /// How many there are.
    pub count: usize,
    /// The smallest one that at least half of them don't exceed; none where there are none.
    pub median: Option<i64>,
    /// The smallest one that at least nine in ten of them don't exceed.
    pub p90: Option<i64>,
}

/// What a group comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SlaRow {
    /// The control, owner or severity; empty where there is none.
    pub group: String,
    /// How often a finding was opened.
    pub opened: usize,
    /// Of these, those that are open still.
    pub open: usize,
    /// Of these, those that were to be fixed before now.
    pub overdue: usize,
    /// Those whose check passes, or that were of no check and resolved.
    pub fixed: usize,
    /// Those that somebody resolved while their check did not pass.
    pub resolved: usize,
    /// Those that are gone with their resource or check.
    pub gone: usize,
    /// Those that were suppressed.
    pub suppressed: usize,
    /// Those that were closed after they were to be.
    pub late: usize,
    /// From when it began to when it was detected.
    pub detect: Durations,
    /// From detected to acknowledged; of what nobody acknowledged there is none.
    pub acknowledge: Durations,
    /// From detected to fixed.
    pub fix: Durations,
}

#[derive(Default)]
struct Group {
    row: SlaRow,
    detect: Vec<i64>,
    acknowledge: Vec<i64>,
    fix: Vec<i64>,
}

/// What episodes come to at a time, sorted by group; severities the worst first.
pub(crate) fn report(
    episodes: impl Iterator<Item = Episode>,
    people: &People,
    by: By,
    now: Timestamp,
) -> Vec<SlaRow> {
    let mut groups: BTreeMap<(i64, String), Group> = BTreeMap::new();
    for episode in episodes {
        let Episode {
            clock,
            severity,
            subject,
        } = &episode;
        let Some(opened) = clock.opened_at else {
            continue;
        };
        let standing = people.standing(clock, *severity, subject, now);
        let key = match by {
            By::Control => (0, subject.control.clone()),
            By::Owner => (0, standing.owner.unwrap_or_default()),
            By::Severity => (-severity.rank(), severity.as_str().to_owned()),
        };
        let group = groups.entry(key).or_default();
        let row = &mut group.row;
        row.opened += 1;
        row.overdue += usize::from(standing.is_overdue);
        row.late += usize::from(standing.is_late);
        match clock.closed_as {
            None => row.open += 1,
            Some(ClosedAs::Fixed) => row.fixed += 1,
            Some(ClosedAs::Resolved) => row.resolved += 1,
            Some(ClosedAs::Gone) => row.gone += 1,
            Some(ClosedAs::Suppressed) => row.suppressed += 1,
        }
        // A provider's clock that is ahead of ours tells nothing.
        let since = |from: Timestamp, to: Timestamp| {
            let seconds = to.duration_since(from).as_secs();
            (seconds >= 0).then_some(seconds)
        };
        group
            .detect
            .extend(clock.began_at.and_then(|began| since(began, opened)));
        group
            .acknowledge
            .extend(clock.acknowledged_at.and_then(|at| since(opened, at)));
        let fixed = clock
            .closed_at
            .filter(|_| clock.closed_as == Some(ClosedAs::Fixed));
        group.fix.extend(fixed.and_then(|at| since(opened, at)));
    }
    let rows = groups.into_iter().map(|((_, name), group)| SlaRow {
        group: name,
        detect: durations(group.detect),
        acknowledge: durations(group.acknowledge),
        fix: durations(group.fix),
        ..group.row
    });
    rows.collect()
}

/// By nearest rank.
fn durations(mut seconds: Vec<i64>) -> Durations {
    seconds.sort_unstable();
    let rank = |percent: usize| {
        let rank = (seconds.len() * percent).div_ceil(100);
        seconds.get(rank.saturating_sub(1)).copied()
    };
    Durations {
        count: seconds.len(),
        median: rank(50),
        p90: rank(90),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_the_nearest() {
        let of = |seconds: &[i64]| {
            let durations = durations(seconds.to_vec());
            (durations.count, durations.median, durations.p90)
        };
        assert_eq!(of(&[]), (0, None, None));
        assert_eq!(of(&[7]), (1, Some(7), Some(7)));
        assert_eq!(of(&[4, 1, 3, 2]), (4, Some(2), Some(4)));
        let ten: Vec<i64> = (1..=10).collect();
        assert_eq!(of(&ten), (10, Some(5), Some(9)));
    }
}
