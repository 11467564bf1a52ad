//! A rule over a period: its population, and what it said of each member, as intervals.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use crate::history::{History, Resource, Rule, Transition};
use crate::listings::Listed;
use crate::runs::Run;
use crate::slots::Slot;

/// What is known of something for a while. Later ones outweigh earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The resource was not there.
    Absent,
    /// There was nothing to test.
    NotApplicable,
    /// It failed, and an exception took it out of the count.
    Excepted,
    /// It passed.
    Pass,
    /// It could not be tested, or nobody looked: never a pass.
    Unknown,
    /// It failed.
    Fail,
}

impl State {
    /// The word for outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Absent => "absent",
            State::NotApplicable => "not-applicable",
            State::Excepted => "excepted",
            State::Pass => "pass",
            State::Unknown => "unknown",
            State::Fail => "fail",
        }
    }
}

/// A while during which one state was known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Interval {
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
    /// What was known.
    pub state: State,
    /// Why, as of its beginning.
    pub reason: Arc<str>,
}

/// How many members were in which state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// They passed.
    pub pass: usize,
    /// They failed.
    pub fail: usize,
    /// An exception covered them.
    pub excepted: usize,
    /// They could not be tested.
    pub unknown: usize,
    /// There was nothing to test of them.
    pub not_applicable: usize,
}

/// A member of a rule's population.
#[derive(Debug, Clone)]
pub struct Member {
    /// The resource, by its number.
    pub resource: i64,
    /// What was known of it in the period.
    pub intervals: Vec<Interval>,
}

/// A rule over a period.
#[derive(Debug, Clone)]
pub struct RuleHistory {
    /// The rule.
    pub rule: Rule,
    /// All resources to which it applied in the period, come and gone ones too.
    pub members: Vec<Member>,
    /// Members by state, for each slot.
    pub counts: Vec<Counts>,
    /// Whether the slot's run evaluated the rule.
    pub evaluated: Vec<bool>,
    /// How the population's completeness was established.
    pub listed: Listed,
}

impl Counts {
    fn add(&mut self, state: State) {
        match state {
            State::Absent => {}
            State::NotApplicable => self.not_applicable += 1,
            State::Excepted => self.excepted += 1,
            State::Pass => self.pass += 1,
            State::Unknown => self.unknown += 1,
            State::Fail => self.fail += 1,
        }
    }
}

/// Why a time has no evidence.
pub(crate) const NO_RUN: &str = "no run";

impl RuleHistory {
    /// The history of the rule with this number.
    pub(crate) fn of(history: &History, number: i64, rule: &Rule, slots: &[Slot]) -> RuleHistory {
        let runs: Vec<Option<&Run>> = slots
            .iter()
            .map(|slot| slot.run.and_then(|place| history.runs.get(place)))
            .collect();
        let evaluated: Vec<bool> = runs
            .iter()
            .map(|run| run.is_some_and(|run| history.evaluated(run, rule)))
            .collect();
        let mut counts = vec![Counts::default(); slots.len()];
        let mut members = Vec::new();
        let verdicts = history.verdicts.get(&number).into_iter().flatten();
        for (resource_number, transitions) in verdicts {
            let Some(resource) = history.resources.get(resource_number) else {
                continue;
            };
            let mut intervals: Vec<Interval> = Vec::new();
            for (place, slot) in slots.iter().enumerate() {
                let run = runs.get(place).copied().flatten();
                let is_evaluated = evaluated.get(place).copied().unwrap_or_default();
                let one = Looked {
                    history,
                    rule,
                    resource,
                    transitions,
                };
                let (state, reason) = one.state(run, is_evaluated, slot);
                if let Some(counts) = counts.get_mut(place) {
                    counts.add(state);
                }
                extend(&mut intervals, slot, state, reason);
            }
            if intervals.iter().any(|one| one.state != State::Absent) {
                members.push(Member {
                    resource: *resource_number,
                    intervals,
                });
            }
        }
        let resources = members
            .iter()
            .filter_map(|member| history.resources.get(&member.resource));
        RuleHistory {
            rule: rule.clone(),
            listed: history.listed(resources),
            members,
            counts,
            evaluated,
        }
    }
}

/// Why something is known.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reason<'r> {
    /// As the verdict has it.
    Shared(&'r Arc<str>),
    /// In other words.
    Words(&'r str),
}

impl Reason<'_> {
    fn as_str(&self) -> &str {
        match self {
            Reason::Shared(text) => text,
            Reason::Words(text) => text,
        }
    }

    fn kept(self) -> Arc<str> {
        match self {
            Reason::Shared(text) => Arc::clone(text),
            Reason::Words(text) => text.into(),
        }
    }
}

/// Adds what a slot says, as a part of the last interval where it says the same.
pub(crate) fn extend(intervals: &mut Vec<Interval>, slot: &Slot, state: State, reason: Reason<'_>) {
    if let Some(last) = intervals.last_mut()
        && last.state == state
        && (*last.reason == *reason.as_str() || state != State::Unknown)
    {
        last.until = slot.until;
        return;
    }
    intervals.push(Interval {
        from: slot.from,
        until: slot.until,
        state,
        reason: reason.kept(),
    });
}

/// A rule and a resource.
struct Looked<'h> {
    history: &'h History,
    rule: &'h Rule,
    resource: &'h Resource,
    transitions: &'h [Transition],
}

impl<'h> Looked<'h> {
    fn state(&self, run: Option<&Run>, is_evaluated: bool, slot: &Slot) -> (State, Reason<'h>) {
        let Some(run) = run else {
            let exists = self.resource.exists_at(slot.from);
            return if exists {
                (State::Unknown, Reason::Words(NO_RUN))
            } else {
                (State::Absent, Reason::Words(""))
            };
        };
        let at = run.evaluated_at;
        if !self.resource.exists_at(at) {
            return (State::Absent, Reason::Words(""));
        }
        if !is_evaluated {
            return (State::Unknown, Reason::Words("the rule was not evaluated"));
        }
        if self.history.stale(run, self.resource).is_some() {
            let words = "the resources could not be listed";
            return (State::Unknown, Reason::Words(words));
        }
        let Some(last) = self.transitions.iter().rev().find(|one| one.at <= at) else {
            return (State::Absent, Reason::Words(""));
        };
        let uncounted = || self.history.uncounted(run, self.rule, self.resource);
        let state = match &*last.compliance_type {
            "COMPLIANT" => State::Pass,
            "NOT_APPLICABLE" => State::NotApplicable,
            "NON_COMPLIANT" if uncounted().is_some() => State::Excepted,
            "NON_COMPLIANT" => State::Fail,
            _ => State::Unknown,
        };
        (state, Reason::Shared(&last.reason))
    }
}
