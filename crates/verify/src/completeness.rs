//! Whether every run that was due is there, or a record explains why not.
//!
//! Each scheduled run says when it was due and when the next one is, so the log alone shows gaps.

use std::collections::BTreeMap;

use crate::leaf::Statement;
use crate::report::{Problem, ProblemKind};
use crate::time;

/// A run in the log; times in milliseconds since 1970.
struct Run {
    index: u64,
    due: i64,
    next: i64,
}

/// Checks the schedules; returns the number of runs, and of schedules.
pub(crate) fn check(
    statements: &[(u64, Statement)],
    recorded: &[Option<i64>],
    problems: &mut Vec<Problem>,
) -> (u64, u64) {
    let mut schedules: BTreeMap<&str, Vec<Run>> = BTreeMap::new();
    let mut explained: Vec<(&str, i64, i64)> = Vec::new();
    for (index, statement) in statements {
        match statement {
            Statement::Run {
                schedule,
                due,
                next,
            } => schedules.entry(schedule).or_default().push(Run {
                index: *index,
                due: *due,
                next: *next,
            }),
            Statement::Explains {
                schedule,
                from,
                until,
            } => explained.push((schedule, *from, *until)),
            _ => {}
        }
    }
    let newest = recorded.iter().flatten().max().copied();
    let mut count = 0;
    for (name, runs) in &schedules {
        let is_explained = |from: i64, until: i64| {
            explained
                .iter()
                .any(|(schedule, first, end)| schedule == name && *first <= from && until <= *end)
        };
        count += runs.len() as u64;
        let found = check_schedule(name, runs, recorded, &is_explained);
        problems.extend(found);
        problems.extend(check_tail(name, runs, newest, &is_explained));
    }
    (count, schedules.len() as u64)
}

fn check_schedule(
    name: &str,
    runs: &[Run],
    recorded: &[Option<i64>],
    is_explained: &dyn Fn(i64, i64) -> bool,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut refuse = |run: &Run, what: String| {
        let place = format!("record {}", run.index);
        problems.push(Problem::new(ProblemKind::Completeness, place, what));
    };
    for run in runs {
        let at = usize::try_from(run.index)
            .ok()
            .and_then(|index| recorded.get(index).copied().flatten());
        if at.is_some_and(|at| at >= run.next) {
            let (due, next) = (time::text(run.due), time::text(run.next));
            refuse(
                run,
                format!(
                    "the run of {name} that was due at {due} was recorded when the next one, of {next}, was due already: a missed run is not filled in later"
                ),
            );
        }
    }
    for (before, run) in runs.iter().zip(runs.iter().skip(1)) {
        if run.due < before.next {
            refuse(
                run,
                format!(
                    "the run of {name} due at {} is there twice, or out of order",
                    time::text(run.due)
                ),
            );
        }
        if run.due > before.next && !is_explained(before.next, run.due) {
            let (from, until) = (time::text(before.next), time::text(run.due));
            refuse(
                run,
                format!(
                    "the runs of {name} due from {from} until before {until} are missing, and no record explains it"
                ),
            );
        }
    }
    problems
}

/// The run that comes after the last one: missing when the log goes on for longer than one interval
/// after it was due.
fn check_tail(
    name: &str,
    runs: &[Run],
    newest: Option<i64>,
    is_explained: &dyn Fn(i64, i64) -> bool,
) -> Option<Problem> {
    let last = runs.last()?;
    let latest = newest?.checked_sub(last.next - last.due)?;
    if latest < last.next || is_explained(last.next, latest) {
        return None;
    }
    Some(Problem::new(
        ProblemKind::Completeness,
        format!("record {}", last.index),
        format!(
            "the run of {name} due at {} is missing, though the log goes on until {}, and no record explains it",
            time::text(last.next),
            time::text(newest?)
        ),
    ))
}
