//! The period cut at its runs: each piece is vouched for by one run, or by none.

use jiff::Timestamp;

use crate::period::{Period, day, start};
use crate::runs::Run;

/// A piece of the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
    /// The run that vouches for it, by its place.
    pub run: Option<usize>,
}

/// Cuts the period, as far as `as_of`'s day goes. A run speaks for the time until the next one,
/// where that is on the same day or on the next; else until the end of its own day. The rest has no
/// evidence, and never gets any: a run looks at its own time only.
pub(crate) fn slots(runs: &[Run], period: &Period, as_of: Timestamp) -> Vec<Slot> {
    let end = day(as_of).tomorrow().ok().and_then(start);
    let end = end.unwrap_or(Timestamp::MAX).min(period.until);
    let mut slots = Vec::new();
    let mut reached = period.from;
    let mut push = |from: Timestamp, until: Timestamp, run| {
        let (from, until) = (from.max(period.from), until.min(end));
        if from < until {
            slots.push(Slot { from, until, run });
        }
    };
    for (place, run) in runs.iter().enumerate() {
        let at = run.evaluated_at;
        let tomorrow = day(at).tomorrow().ok();
        let own = tomorrow.and_then(start).unwrap_or(Timestamp::MAX);
        let next = runs.get(place + 1).map(|next| next.evaluated_at);
        let until = match next {
            Some(next) if Some(day(next)) <= tomorrow => next,
            _ => own,
        };
        push(reached, at, None);
        push(at, until, Some(place));
        reached = reached.max(until);
    }
    push(reached, end, None);
    slots
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(runs: &[&str]) -> Vec<String> {
        let runs: Vec<Run> = runs.iter().map(|at| Run::at(at.parse().unwrap())).collect();
        let period = Period::read("2026-04-01..2026-04-05").unwrap();
        slots(&runs, &period, "2026-04-04T12:00:00Z".parse().unwrap())
            .iter()
            .map(|slot| format!("{} {} {:?}", slot.from, slot.until, slot.run))
            .collect()
    }

    #[test]
    fn a_day_without_a_run_has_no_evidence() {
        assert_eq!(
            cut(&[
                "2026-03-31T06:00:00Z",
                "2026-04-01T06:00:00Z",
                "2026-04-04T06:00:00Z"
            ]),
            [
                "2026-04-01T00:00:00Z 2026-04-01T06:00:00Z Some(0)",
                "2026-04-01T06:00:00Z 2026-04-02T00:00:00Z Some(1)",
                "2026-04-02T00:00:00Z 2026-04-04T06:00:00Z None",
                "2026-04-04T06:00:00Z 2026-04-05T00:00:00Z Some(2)",
            ]
        );
    }

    #[test]
    fn no_run_at_all_is_no_evidence_at_all() {
        assert_eq!(cut(&[]), ["2026-04-01T00:00:00Z 2026-04-05T00:00:00Z None"]);
        assert_eq!(
            cut(&["2026-03-30T06:00:00Z"]),
            ["2026-04-01T00:00:00Z 2026-04-05T00:00:00Z None"]
        );
    }
}
