//! The second pass: what the first supposed of other resources is held against what there is.

use std::collections::HashMap;

use posture_model::tree::Bump;
use posture_rules::Context;

use crate::disposition::Mark;
use crate::inventory::Reference;
use crate::neighbours::Nearby;
use crate::parallel::try_in_order;
use crate::plan::Check;
use crate::rows::{BATCH, Reader};
use crate::scan::{Scan, ScanError};

/// A resource, the place of a rule in its group, and the rule's final mark.
type Found = (Reference, usize, Mark);

impl Scan<'_> {
    /// Judges again where a rule asked for other resources and their type is recorded.
    pub(crate) fn judge_provisional(&mut self) -> Result<(), ScanError> {
        let is_open = self.open();
        let provisional: Vec<Reference> = self
            .estate
            .order
            .iter()
            .copied()
            .filter(|reference| self.is_provisional(*reference, &is_open))
            .collect();
        let batches: Vec<&[Reference]> = provisional.chunks(BATCH).collect();
        let judge = |batch: &&[Reference]| self.judge_again(batch, &is_open);
        let mut found = Vec::new();
        try_in_order(&batches, &judge, &mut |marks: Vec<Found>| {
            found.extend(marks);
            Ok(())
        })?;
        for (reference, position, mark) in found {
            self.estate.set_mark(reference, position, mark);
        }
        Ok(())
    }

    /// By group, for each of its rules: whether a type that it may ask for is recorded there.
    fn open(&self) -> Vec<Vec<bool>> {
        let mut known: HashMap<(u32, &str, &str), bool> = HashMap::new();
        let groups = self.estate.groups.iter();
        groups
            .map(|group| {
                let is_open = |index: &u32| {
                    let Some(rule) = self.plan.rules.get(*index as usize) else {
                        return false;
                    };
                    let Check::Managed(managed) = &rule.check else {
                        return false;
                    };
                    let place = (*index, group.account_id.as_str(), group.aws_region.as_str());
                    *known.entry(place).or_insert_with(|| {
                        managed.others().any(|other| {
                            self.neighbours
                                .is_recorded(place.1, place.2, other.resource_type)
                        })
                    })
                };
                group.rules.iter().map(is_open).collect()
            })
            .collect()
    }

    fn is_provisional(&self, reference: Reference, is_open: &[Vec<bool>]) -> bool {
        self.provisional(reference, is_open).next().is_some()
    }

    /// The places of the rules that are to judge this resource again, with the rules.
    fn provisional(
        &self,
        reference: Reference,
        is_open: &[Vec<bool>],
    ) -> impl Iterator<Item = (usize, u32)> {
        let is_open = self
            .estate
            .group_of(reference)
            .and_then(|group| is_open.get(group as usize))
            .map_or(&[][..], Vec::as_slice);
        self.estate
            .marks(reference)
            .zip(is_open)
            .enumerate()
            .filter(|(_, ((_, mark), is_open))| **is_open && mark.is_provisional())
            .map(|(position, ((rule, _), _))| (position, rule))
    }

    fn judge_again(
        &self,
        batch: &[Reference],
        is_open: &[Vec<bool>],
    ) -> Result<Vec<Found>, ScanError> {
        let mut found = Vec::new();
        let arena = Bump::new();
        let nearby = &*arena.alloc(Nearby::new(&self.neighbours, &self.estate, &arena));
        let context = Context::new(self.options.now, nearby);
        let judge = self.judge();
        let mut reader = Reader::default();
        for reference in batch {
            let item = self.item(*reference, &mut reader, &arena)?;
            let is_excluded = self.options.exceptions.excludes(item);
            for (position, rule) in self.provisional(*reference, is_open) {
                if let Some(rule) = self.plan.rules.get(rule as usize) {
                    let mark = judge.judge(rule, item, is_excluded, &context).mark();
                    found.push((*reference, position, mark));
                }
            }
        }
        Ok(found)
    }
}
