//! How far a fact could be read over many resources.

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
