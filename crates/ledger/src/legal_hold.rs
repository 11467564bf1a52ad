//! The hold that the place of a log has itself: S3's legal hold, on bodies.

use crate::error::LedgerError;
use crate::layout;
use crate::log::Log;

const BLOBS: &str = "blobs/";

impl Log {
    /// Whether the place of the log can hold objects itself: a bucket with Object Lock can.
    ///
    /// # Errors
    /// That could not be found out.
    pub fn has_legal_hold(&self) -> Result<bool, LedgerError> {
        let found = self.storage.has_legal_hold();
        found.map_err(|cause| LedgerError::storage(BLOBS, "found", cause))
    }

    /// Of each of these bodies (SHA-256, hex) whether it is under legal hold.
    ///
    /// # Errors
    /// That could not be found out.
    pub fn legally_held(&self, bodies: &[String]) -> Result<Vec<bool>, LedgerError> {
        let held = self.storage.legally_held(&paths(bodies));
        held.map_err(|cause| LedgerError::storage(BLOBS, "found", cause))
    }

    /// Puts bodies (SHA-256, hex) under legal hold, or ends it.
    ///
    /// # Errors
    /// The place has none, or refused; some of it may be done.
    pub fn set_legal_hold(&self, bodies: &[String], is_held: bool) -> Result<(), LedgerError> {
        let action = if is_held { "held" } else { "released" };
        let set = self.storage.set_legal_hold(&paths(bodies), is_held);
        set.map_err(|cause| LedgerError::storage(BLOBS, action, cause))
    }
}

fn paths(bodies: &[String]) -> Vec<String> {
    bodies.iter().map(|sha256| layout::blob(sha256)).collect()
}
