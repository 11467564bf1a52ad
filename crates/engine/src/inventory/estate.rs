//! The resources once all inputs are read.

use std::sync::Arc;

use super::{Group, Record, Shard};
use crate::disposition::Mark;

/// A resource of an [`Estate`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(super) shard: u8,
    pub(super) record: u32,
}

/// The resources once all inputs are read.
#[derive(Debug)]
pub(crate) struct Estate {
    pub(crate) groups: Vec<Arc<Group>>,
    pub(super) shards: Vec<Shard>,
    /// Those that exist, by account, Region, type and id.
    pub(crate) order: Vec<Reference>,
}

fn paired<'e>(rules: &'e [u32], marks: &'e [u8]) -> impl Iterator<Item = (u32, Mark)> + use<'e> {
    let marks = marks.iter().map(|mark| Mark::from_byte(*mark));
    rules.iter().copied().zip(marks)
}

impl Estate {
    /// What is kept of a resource, its group and its id.
    pub(crate) fn get(&self, reference: Reference) -> Option<(&Record, &Group, &str)> {
        let shard = self.shards.get(reference.shard as usize)?;
        let record = shard.records.get(reference.record as usize)?;
        let group = self.groups.get(record.group as usize)?;
        Some((record, group, shard.id(record)))
    }

    /// The group of a resource, by index.
    pub(crate) fn group_of(&self, reference: Reference) -> Option<u32> {
        let shard = self.shards.get(reference.shard as usize)?;
        let record = shard.records.get(reference.record as usize)?;
        Some(record.group)
    }

    pub(super) fn id(&self, reference: Reference) -> &str {
        self.shards
            .get(reference.shard as usize)
            .and_then(|shard| {
                let record = shard.records.get(reference.record as usize)?;
                Some(shard.id(record))
            })
            .unwrap_or_default()
    }

    /// The marks of a resource, in the order of its group's rules.
    pub(crate) fn marks(&self, reference: Reference) -> impl Iterator<Item = (u32, Mark)> + '_ {
        let (rules, marks) = self.rules_and_marks(reference).unwrap_or_default();
        paired(rules, marks)
    }

    /// Every mark of every resource that exists, with its rule, in no order.
    pub(crate) fn all_marks(&self) -> impl Iterator<Item = (u32, Mark)> + '_ {
        self.shards.iter().flat_map(|shard| {
            let existing = shard.records.iter().filter(|record| record.exists);
            existing.flat_map(|record| {
                let (rules, marks) = self.rules_and_marks_of(shard, record).unwrap_or_default();
                paired(rules, marks)
            })
        })
    }

    /// How many verdicts there are on a resource.
    pub(crate) fn pairs(&self, reference: Reference) -> u64 {
        let (_, marks) = self.rules_and_marks(reference).unwrap_or_default();
        let verdicts = marks
            .iter()
            .filter(|mark| **mark != Mark::OUT_OF_SCOPE.byte());
        verdicts.count() as u64
    }

    fn rules_and_marks(&self, reference: Reference) -> Option<(&[u32], &[u8])> {
        let shard = self.shards.get(reference.shard as usize)?;
        let record = shard.records.get(reference.record as usize)?;
        self.rules_and_marks_of(shard, record)
    }

    fn rules_and_marks_of<'e>(
        &'e self,
        shard: &'e Shard,
        record: &Record,
    ) -> Option<(&'e [u32], &'e [u8])> {
        let rules = self.groups.get(record.group as usize)?.rules.as_slice();
        let start = record.marks_start as usize;
        Some((rules, shard.marks.get(start..start + rules.len())?))
    }

    /// Sets the mark of the `position`th rule of a resource's group.
    pub(crate) fn set_mark(&mut self, reference: Reference, position: usize, mark: Mark) {
        if let Some(shard) = self.shards.get_mut(reference.shard as usize)
            && let Some(record) = shard.records.get(reference.record as usize)
            && let Some(place) = shard.marks.get_mut(record.marks_start as usize + position)
        {
            *place = mark.byte();
        }
    }

    /// What other resources' rules look at of a resource.
    pub(crate) fn projection(&self, reference: Reference) -> Option<&[u8]> {
        let shard = self.shards.get(reference.shard as usize)?;
        shard.projections.get(&reference.record).map(Vec::as_slice)
    }
}
