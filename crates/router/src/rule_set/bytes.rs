//! A deterministic automaton over bytes, for all prefixes (or, run backwards, suffixes) of one field.
//!
//! States are sets of entries that agree with the bytes so far, built once. An entry consumes one
//! byte a step, with both cases of a letter where case does not matter; so a state's entries are at
//! one depth, and the number of states is bounded by the entries' total length, twice that where
//! some fold case and some do not.

use std::collections::BTreeMap;

use hashbrown::HashMap;

/// A text to recognise.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) bytes: Vec<u8>,
    /// Whether ASCII letters stand for both of their cases; the bytes are in lower case then.
    pub(super) ignore_case: bool,
    /// What is shown when all bytes were seen.
    pub(super) output: u32,
}

#[derive(Debug, Default)]
pub(super) struct ByteMachine {
    states: Vec<State>,
    bytes: Vec<u8>,
    /// Beside each of `bytes`: the state it leads to.
    targets: Vec<u32>,
    outputs: Vec<u32>,
}

/// Where a state's parts are.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    edges: (u32, u32),
    outputs: (u32, u32),
}

type Set = Vec<u32>;

impl ByteMachine {
    pub(super) fn build(entries: &[Entry]) -> ByteMachine {
        let mut machine = ByteMachine::default();
        let start: Set = (0..).take(entries.len()).collect();
        let mut ids: HashMap<(usize, Set), u32> = HashMap::new();
        let mut queue = vec![(0, start)];
        let mut next = 0;
        while let Some((depth, set)) = queue.get(next).cloned() {
            next += 1;
            let outputs_start = machine.outputs.len();
            let mut edges: BTreeMap<u8, Set> = BTreeMap::new();
            for id in set {
                let Some(entry) = entries.get(id as usize) else {
                    continue;
                };
                match entry.bytes.get(depth) {
                    None => machine.outputs.push(entry.output),
                    Some(byte) => {
                        edges.entry(*byte).or_default().push(id);
                        let other = byte.to_ascii_uppercase();
                        if entry.ignore_case && other != *byte {
                            edges.entry(other).or_default().push(id);
                        }
                    }
                }
            }
            let edges_start = machine.bytes.len();
            for (byte, set) in edges {
                let target = *ids.entry((depth + 1, set)).or_insert_with_key(|(_, set)| {
                    queue.push((depth + 1, set.clone()));
                    narrow(queue.len() - 1)
                });
                machine.bytes.push(byte);
                machine.targets.push(target);
            }
            machine.states.push(State {
                edges: (narrow(edges_start), narrow(machine.bytes.len())),
                outputs: (narrow(outputs_start), narrow(machine.outputs.len())),
            });
        }
        machine
    }

    /// Shows `found` each entry's output whose bytes these begin with, and whether nothing follows.
    pub(super) fn run(
        &self,
        mut input: impl ExactSizeIterator<Item = u8>,
        mut found: impl FnMut(u32, bool),
    ) {
        let mut state = self.states.first();
        while let Some(current) = state {
            for output in slice(&self.outputs, current.outputs) {
                found(*output, input.len() == 0);
            }
            let Some(byte) = input.next() else {
                return;
            };
            let edge = slice(&self.bytes, current.edges)
                .iter()
                .position(|edge| *edge == byte);
            state = edge
                .and_then(|edge| self.targets.get(current.edges.0 as usize + edge))
                .and_then(|target| self.states.get(*target as usize));
        }
    }
}

fn slice<T>(all: &[T], (start, end): (u32, u32)) -> &[T] {
    all.get(start as usize..end as usize).unwrap_or_default()
}

/// Indexes here count bytes of patterns, which are far fewer than 2^32.
fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
