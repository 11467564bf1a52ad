//! How far a fact could be read over many resources.

use std::collections::BTreeMap;

use super::details::Found;
use super::item::Draft;
use crate::coverage::Outcome;

/// Counts.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// How often it was read.
    pub(crate) read: u64,
    /// What stood in the way the last time that it wasn't.
    pub(crate) failed: Option<Outcome>,
}

impl Tally {
    /// What it all came to.
    pub(crate) fn outcome(&self) -> Outcome {
        match &self.failed {
            None => Outcome::complete(),
            Some(failed) if self.read == 0 => failed.clone(),
            Some(failed) => failed.clone().partly(),
        }
    }
}

/// Puts what was found at its place, and counts it.
pub(super) fn land(
    draft: &mut Draft,
    place: &'static str,
    found: Option<Found>,
    tallies: &mut BTreeMap<&'static str, Tally>,
) {
    let Some(found) = found else { return };
    let tally = tallies.entry(place).or_default();
    match found {
        Ok(value) => {
            tally.read += 1;
            draft.put(place, value);
        }
        Err(outcome) => {
            draft.unread(place, &outcome);
            tally.failed = Some(outcome);
        }
    }
}
