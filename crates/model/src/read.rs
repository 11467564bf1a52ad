//! Which places were read: for tests that hold a rule to its declaration.

use std::cell::RefCell;
use std::collections::BTreeSet;

/// Collects the places that were read of an item.
#[derive(Debug, Default)]
pub struct ReadLog(RefCell<BTreeSet<&'static str>>);

impl ReadLog {
    pub(crate) fn note(&self, path: &'static str) {
        self.0.borrow_mut().insert(path);
    }

    /// The places read so far, sorted.
    pub fn paths(&self) -> Vec<&'static str> {
        self.0.borrow().iter().copied().collect()
    }
}
