//! One event through the automaton.

use posture_model::tree::{self, Bump, Node, SyntaxError};

use crate::consistency;
use crate::fields::{Fields, PathId, Place};

use super::machine::{Branch, Compiled, Machine};
use super::values::Hit;

/// Finds the rules that match, one event after another, in memory that it keeps.
#[derive(Debug)]
pub struct Matcher<'r> {
    machine: &'r Machine,
    /// Of no event.
    fields: Fields<'static>,
    seen: Seen,
    stack: Vec<u32>,
    found: Vec<u32>,
    names: Vec<&'r str>,
    arena: Bump,
}

/// What is known of the present event. Entries of other rounds are stale.
#[derive(Debug)]
struct Seen {
    round: u32,
    /// By path.
    paths: Vec<SeenPath>,
    /// By condition: the round in which a value satisfied it.
    conditions: Vec<u32>,
    exclusions: Vec<SeenExclusion>,
    /// Conditions that values satisfied, field by field.
    satisfied: Vec<u32>,
    values: u32,
}

#[derive(Debug, Clone, Copy, Default)]
struct SeenPath {
    round: u32,
    /// Where its conditions are in `satisfied`.
    start: usize,
    end: usize,
    values: u32,
    /// Whether one of its values is in one of several elements of an array.
    placed: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct SeenExclusion {
    round: u32,
    /// The last value that it excludes, and how many there were.
    value: u32,
    count: u32,
}

impl<'r> Matcher<'r> {
    pub(super) fn new(machine: &'r Machine) -> Matcher<'r> {
        Matcher {
            machine,
            fields: Fields::default(),
            seen: Seen {
                round: 0,
                paths: vec![SeenPath::default(); machine.paths.len()],
                conditions: vec![0; machine.conditions.len()],
                exclusions: vec![SeenExclusion::default(); machine.exclusions],
                satisfied: Vec::new(),
                values: 0,
            },
            stack: Vec::new(),
            found: Vec::new(),
            names: Vec::new(),
            arena: Bump::new(),
        }
    }

    /// The names of the rules that match an event, in their order.
    pub fn matching(&mut self, event: Node<'_>) -> &[&'r str] {
        self.seen.next_round();
        self.found.clear();
        self.names.clear();
        let memory = std::mem::take(&mut self.fields).emptied();
        let fields = memory.refilled(&self.machine.paths, event);
        self.walk(&fields);
        self.fields = fields.emptied();
        self.found.sort_unstable();
        self.found.dedup();
        let names = self.found.iter();
        let names = names.filter_map(|rule| self.machine.names.get(*rule as usize));
        self.names.extend(names.map(AsRef::as_ref));
        &self.names
    }

    /// As [`Matcher::matching`], of an event's JSON text.
    ///
    /// # Errors
    /// Where the text is not JSON.
    pub fn matching_text(&mut self, event: &[u8]) -> Result<&[&'r str], SyntaxError> {
        let mut arena = std::mem::take(&mut self.arena);
        arena.reset();
        let parsed = tree::parse(event, &arena).map(|node| {
            self.matching(node);
        });
        self.arena = arena;
        parsed.map(|()| self.names.as_slice())
    }

    fn walk(&mut self, fields: &Fields<'_>) {
        self.stack.clear();
        self.stack.push(0);
        while let Some(state) = self.stack.pop() {
            let Some(state) = self.machine.states.get(state as usize) else {
                continue;
            };
            for sub_rule in &state.complete {
                if let Some(compiled) = self.machine.sub_rules.get(*sub_rule as usize)
                    && self.holds_together(fields, compiled)
                {
                    self.found.push(compiled.rule);
                }
            }
            for branch in &state.branches {
                self.follow(fields, branch);
            }
        }
    }

    fn follow(&mut self, fields: &Fields<'_>, branch: &Branch) {
        let path = self.seen.path(self.machine, fields, branch.path);
        if path.values == 0 && !branch.absent {
            return;
        }
        let satisfied = self.seen.satisfied.get(path.start..path.end);
        let satisfied = satisfied.unwrap_or_default();
        if satisfied.len() <= branch.by_value.len() {
            for condition in satisfied {
                self.stack.extend(branch.by_value.get(condition));
            }
        } else {
            let led = branch
                .listed
                .iter()
                .filter(|(condition, _)| self.seen.is_satisfied(*condition));
            self.stack.extend(led.map(|(_, next)| *next));
        }
        for (condition, next) in &branch.asked {
            if self.seen.holds(self.machine, *condition, path) {
                self.stack.push(*next);
            }
        }
    }

    /// Whether a sub-rule whose fields hold each on its own also holds in one element of each array.
    fn holds_together(&self, fields: &Fields<'_>, compiled: &Compiled) -> bool {
        if !fields.has_places() {
            return true;
        }
        let placed = compiled.paths.iter().any(|path| {
            let seen = self.seen.paths.get(path.index());
            seen.is_some_and(|seen| seen.placed)
        });
        if !placed {
            return true;
        }
        let pattern = self.machine.patterns.get(compiled.rule as usize);
        let sub_rule = pattern.and_then(|pattern| pattern.sub_rules().get(compiled.index));
        sub_rule.is_some_and(|sub_rule| {
            let conditions = sub_rule.fields.iter().map(|(_, condition)| condition);
            let asked: Vec<_> = compiled.paths.iter().copied().zip(conditions).collect();
            consistency::holds(fields, &asked)
        })
    }
}

impl Seen {
    fn next_round(&mut self) {
        self.satisfied.clear();
        self.values = 0;
        if let Some(round) = self.round.checked_add(1) {
            self.round = round;
            return;
        }
        self.round = 1;
        self.paths.fill(SeenPath::default());
        self.conditions.fill(0);
        self.exclusions.fill(SeenExclusion::default());
    }

    /// What a field's values satisfy; found when first asked.
    fn path(&mut self, machine: &Machine, fields: &Fields<'_>, path: PathId) -> SeenPath {
        let known = self.paths.get(path.index()).copied().unwrap_or_default();
        if known.round == self.round {
            return known;
        }
        let mut seen = SeenPath {
            round: self.round,
            start: self.satisfied.len(),
            ..SeenPath::default()
        };
        if let Some(values) = machine.values.get(path.index()) {
            for value in fields.values(path) {
                seen.values += 1;
                seen.placed |= value.place != Place::NOWHERE;
                self.values += 1;
                values.find(value.scalar, &mut |hit| self.hit(hit));
            }
        }
        seen.end = self.satisfied.len();
        if let Some(slot) = self.paths.get_mut(path.index()) {
            *slot = seen;
        }
        seen
    }

    fn hit(&mut self, hit: Hit) {
        match hit {
            Hit::Condition(id) => {
                if let Some(round) = self.conditions.get_mut(id as usize)
                    && *round != self.round
                {
                    *round = self.round;
                    self.satisfied.push(id);
                }
            }
            Hit::Excluded(id) => {
                let Some(seen) = self.exclusions.get_mut(id as usize) else {
                    return;
                };
                if seen.round != self.round {
                    *seen = SeenExclusion {
                        round: self.round,
                        value: 0,
                        count: 0,
                    };
                }
                if seen.value != self.values {
                    seen.value = self.values;
                    seen.count += 1;
                }
            }
        }
    }

    /// Whether a value, of a field that was looked at, satisfied this condition.
    fn is_satisfied(&self, condition: u32) -> bool {
        self.conditions.get(condition as usize) == Some(&self.round)
    }

    /// Whether a condition holds that values alone do not decide. Where a field's values are in
    /// several elements of an array, one that lets it be missing may hold: the elements decide.
    fn holds(&self, machine: &Machine, condition: u32, path: SeenPath) -> bool {
        let Some(asked) = machine.conditions.get(condition as usize) else {
            return false;
        };
        if asked.absent && (path.values == 0 || path.placed) {
            return true;
        }
        path.values > 0
            && (asked.exists
                || self.is_satisfied(condition)
                || asked.exclusions.iter().any(|id| {
                    self.exclusions
                        .get(*id as usize)
                        .is_none_or(|seen| seen.round != self.round || seen.count < path.values)
                }))
    }
}
