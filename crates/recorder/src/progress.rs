//! How far a recording is.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts that tasks raise as they go. What is planned grows with every account that is entered.
#[derive(Debug, Default)]
pub struct Progress {
    accounts: AtomicUsize,
    regions: AtomicUsize,
    planned: AtomicUsize,
    done: AtomicUsize,
}

/// How far it is now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reached {
    /// Accounts that were entered.
    pub accounts: usize,
    /// Regions of them, together.
    pub regions: usize,
    /// Listings that are to be made.
    pub planned: usize,
    /// Listings that have ended.
    pub done: usize,
}

impl Progress {
    /// How far it is now.
    pub fn reached(&self) -> Reached {
        let of = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        Reached {
            accounts: of(&self.accounts),
            regions: of(&self.regions),
            planned: of(&self.planned),
            done: of(&self.done),
        }
    }

    pub(crate) fn entered(&self, regions: usize) {
        self.accounts.fetch_add(1, Ordering::Relaxed);
        self.regions.fetch_add(regions, Ordering::Relaxed);
    }

    pub(crate) fn planned(&self) {
        self.planned.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn done(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}
