//! Bodies that the log says are removed, and that are then removed.

use std::collections::BTreeSet;

use crate::error::LedgerError;
use crate::layout::{self, CHECKPOINT};
use crate::log::Log;
use crate::reader::LogReader;
use crate::record::Leaf;

/// What came of a body that is to be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erased {
    /// It was there, and is gone.
    Gone,
    /// It was not there.
    Absent,
    /// No record removes it, or a later one names it again: it was left.
    Named,
    /// The log has grown since: nothing was removed. Whoever decided what goes looks again.
    Grown,
}

/// Removes bodies one by one, each only while the log is as it was when that was decided.
pub struct Eraser<'l> {
    log: &'l Log,
    /// Number of records that are known.
    size: u64,
    /// What they remove.
    removed: BTreeSet<String>,
}

impl Log {
    /// Begins to remove bodies, with the log as it is now.
    ///
    /// # Errors
    /// The log could not be read.
    pub fn eraser(&self) -> Result<Eraser<'_>, LedgerError> {
        let mut eraser = Eraser {
            log: self,
            size: 0,
            removed: BTreeSet::new(),
        };
        eraser.read_on(&self.reader()?)?;
        Ok(eraser)
    }
}

impl Eraser<'_> {
    /// Removes a body of which the log says that it is removed. Right before, the log's checkpoint is read
    /// once more: where it is another one, nothing is removed.
    ///
    /// # Errors
    /// The log could not be read, or the body not removed.
    pub fn erase(&mut self, sha256: &str) -> Result<Erased, LedgerError> {
        let path = layout::blob(sha256);
        // In a folder nobody appends meanwhile. In a bucket somebody may, after this look and before the
        // deletion: what they append comes after the record that removes.
        let _lease = self.log.lease()?;
        if !self.log.exists(&path)? {
            return Ok(Erased::Absent);
        }
        let reader = self.log.reader()?;
        if reader.size() != self.size {
            self.read_on(&reader)?;
            return Ok(Erased::Grown);
        }
        if !self.removed.contains(sha256) {
            return Ok(Erased::Named);
        }
        let erased = self.log.storage.erase(&path);
        erased.map_err(|cause| LedgerError::storage(&path, "removed", cause))?;
        Ok(Erased::Gone)
    }

    fn read_on(&mut self, reader: &LogReader<'_>) -> Result<(), LedgerError> {
        let Some(count) = reader.size().checked_sub(self.size) else {
            let what = format!("it was put back: it counted {} records before", self.size);
            return Err(LedgerError::damaged(CHECKPOINT, what));
        };
        let removed = &mut self.removed;
        reader.for_each(self.size, count, |path, bytes| {
            let leaf = Leaf::from_bytes(bytes)
                .map_err(|error| LedgerError::damaged(path, error.to_string()))?;
            follow(removed, &leaf);
            Ok(())
        })?;
        self.size = reader.size();
        Ok(())
    }
}

/// Notes what a record removes. A body that it names is stored anew.
pub(crate) fn follow(removed: &mut BTreeSet<String>, leaf: &Leaf) {
    removed.extend(leaf.removes.iter().cloned());
    if let Some(body) = &leaf.body {
        removed.remove(&body.sha256);
    }
}
