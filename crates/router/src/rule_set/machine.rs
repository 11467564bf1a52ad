//! Many patterns as one automaton.
//!
//! Each sub-rule is a path from the root of a tree of states: a state asks some fields, and a
//! condition of a field leads to the next state. Sub-rules ask the fields that most of them share
//! first, so that an event's `source` alone sets most rules aside. Equal conditions are one.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;

use crate::fields::{PathId, Paths};
use crate::pattern::{Alternative, Condition, Pattern};

use super::values::{Draft, Hit, Values};

#[derive(Debug)]
pub(super) struct Machine {
    pub(super) paths: Paths,
    /// By path.
    pub(super) values: Vec<Values>,
    pub(super) conditions: Vec<Asked>,
    pub(super) exclusions: usize,
    pub(super) states: Vec<State>,
    pub(super) sub_rules: Vec<Compiled>,
    pub(super) names: Vec<Arc<str>>,
    pub(super) patterns: Vec<Arc<Pattern>>,
}

/// What of a condition the value automata cannot say.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) exists: bool,
    pub(super) absent: bool,
    /// Its `anything-but`s.
    pub(super) exclusions: Vec<u32>,
}

impl Asked {
    fn only_by_value(&self) -> bool {
        !self.exists && !self.absent && self.exclusions.is_empty()
    }
}

#[derive(Debug, Default)]
pub(super) struct State {
    /// The sub-rules that hold here.
    pub(super) complete: Vec<u32>,
    pub(super) branches: Vec<Branch>,
}

/// Where a field of this path leads from a state.
#[derive(Debug)]
pub(super) struct Branch {
    pub(super) path: PathId,
    /// By conditions that values alone decide.
    pub(super) by_value: HashMap<u32, u32>,
    /// The same, to go through.
    pub(super) listed: Vec<(u32, u32)>,
    /// By all others: the condition and the next state.
    pub(super) asked: Vec<(u32, u32)>,
    /// Whether a missing field can lead on.
    pub(super) absent: bool,
}

/// A sub-rule, found.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) rule: u32,
    /// Which of the rule's sub-rules.
    pub(super) index: usize,
    /// In the order of the sub-rule's fields.
    pub(super) paths: Vec<PathId>,
}

impl Machine {
    pub(super) fn build(rules: &BTreeMap<Arc<str>, Arc<Pattern>>) -> Machine {
        let mut builder = Builder::default();
        let mut asked: Vec<Vec<(PathId, u32)>> = Vec::new();
        let mut sub_rules = Vec::new();
        for (rule, pattern) in (0_u32..).zip(rules.values()) {
            for (index, sub_rule) in pattern.sub_rules().iter().enumerate() {
                let fields: Vec<_> = sub_rule
                    .fields
                    .iter()
                    .map(|(name, condition)| builder.field(name, condition))
                    .collect();
                sub_rules.push(Compiled {
                    rule,
                    index,
                    paths: fields.iter().map(|(path, _)| *path).collect(),
                });
                asked.push(fields);
            }
        }
        let states = builder.states(asked);
        Machine {
            paths: builder.paths,
            values: builder.values.into_iter().map(Draft::finish).collect(),
            conditions: builder.conditions,
            exclusions: builder.exclusions as usize,
            states,
            sub_rules,
            names: rules.keys().cloned().collect(),
            patterns: rules.values().cloned().collect(),
        }
    }
}

#[derive(Default)]
struct Builder {
    paths: Paths,
    values: Vec<Draft>,
    conditions: Vec<Asked>,
    exclusions: u32,
    known: HashMap<(PathId, Condition), u32>,
}

impl Builder {
    fn field(&mut self, name: &str, condition: &Condition) -> (PathId, u32) {
        let path = self.paths.insert(name);
        self.values.resize_with(self.paths.len(), Draft::default);
        let key = (path, condition.clone());
        if let Some(id) = self.known.get(&key) {
            return (path, *id);
        }
        let id = u32::try_from(self.conditions.len()).unwrap_or(u32::MAX);
        let mut asked = Asked::default();
        if let Some(values) = self.values.get_mut(path.index()) {
            for alternative in &condition.alternatives {
                match alternative {
                    Alternative::Exists => asked.exists = true,
                    Alternative::Absent => asked.absent = true,
                    Alternative::AnythingBut(but) => {
                        values.add_excluded(but, Hit::Excluded(self.exclusions));
                        asked.exclusions.push(self.exclusions);
                        self.exclusions += 1;
                    }
                    other => values.add(other, Hit::Condition(id)),
                }
            }
        }
        self.conditions.push(asked);
        self.known.insert(key, id);
        (path, id)
    }

    /// The tree of states over the sub-rules' conditions.
    fn states(&self, asked: Vec<Vec<(PathId, u32)>>) -> Vec<State> {
        let mut uses: HashMap<PathId, usize> = HashMap::new();
        for (path, _) in asked.iter().flatten() {
            *uses.entry(*path).or_default() += 1;
        }
        let mut states = vec![State::default()];
        for (sub_rule, mut fields) in (0_u32..).zip(asked) {
            fields.sort_by_key(|(path, condition)| {
                let by_value = self.by_value(*condition);
                (!by_value, Reverse(uses.get(path).copied()), *path)
            });
            let mut state = 0;
            for (path, condition) in fields {
                state = self.step(&mut states, state, path, condition);
            }
            if let Some(state) = states.get_mut(state as usize) {
                state.complete.push(sub_rule);
            }
        }
        states
    }

    fn by_value(&self, condition: u32) -> bool {
        self.conditions
            .get(condition as usize)
            .is_some_and(Asked::only_by_value)
    }

    /// The state after this condition, made where it is new.
    fn step(&self, states: &mut Vec<State>, from: u32, path: PathId, condition: u32) -> u32 {
        let new = u32::try_from(states.len()).unwrap_or(u32::MAX);
        let Some(state) = states.get_mut(from as usize) else {
            return from;
        };
        let index = state
            .branches
            .iter()
            .position(|branch| branch.path == path)
            .unwrap_or_else(|| {
                state.branches.push(Branch {
                    path,
                    by_value: HashMap::new(),
                    listed: Vec::new(),
                    asked: Vec::new(),
                    absent: false,
                });
                state.branches.len() - 1
            });
        let Some(branch) = state.branches.get_mut(index) else {
            return from;
        };
        let next = if self.by_value(condition) {
            let next = *branch.by_value.entry(condition).or_insert(new);
            if next == new {
                branch.listed.push((condition, new));
            }
            next
        } else {
            let asked = self.conditions.get(condition as usize);
            branch.absent |= asked.is_some_and(|asked| asked.absent);
            let known = branch.asked.iter().find(|(known, _)| *known == condition);
            let next = known.map_or(new, |(_, next)| *next);
            if next == new {
                branch.asked.push((condition, new));
            }
            next
        };
        if next == new {
            states.push(State::default());
        }
        next
    }
}
