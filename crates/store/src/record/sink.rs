//! What a recorder streams into.

use std::error::Error;

use jiff::Timestamp;

use super::coverage::Coverage;
use crate::Scope;

/// Takes listings, any number at a time.
pub trait Sink: Sync {
    /// What takes the items of one listing.
    type Listing: Listing<Error = Self::Error>;
    /// Why something could not be taken.
    type Error: Error + Send + Sync + 'static;

    /// Begins a listing of everything in a scope, as it is at `listed_at`.
    ///
    /// # Errors
    /// Where the scope can't be read.
    fn begin_listing(
        &self,
        scope: Scope,
        listed_at: Timestamp,
    ) -> impl Future<Output = Result<Self::Listing, Self::Error>> + Send;
}

/// Takes the items of one listing. Dropped before its end it counts as not completed: nothing is
/// taken for deleted.
pub trait Listing: Send {
    /// Why something could not be taken.
    type Error: Error + Send + Sync + 'static;

    /// Takes an item: JSON in the shape of AWS Config's configuration item, with `unread` for what
    /// of it was asked for and not read. An item without `configurationItemCaptureTime` is of the
    /// listing's time.
    ///
    /// # Errors
    /// Where the text is no item of this scope, or can't be written.
    fn item(&mut self, item: &[u8]) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Notes what could not be read of this scope beside its items. `Coverage::fact` names it.
    fn unread(&mut self, fact: Coverage);

    /// Ends the listing. `coverage` says how it went; only where it is complete, resources that
    /// were not in it count as deleted.
    ///
    /// # Errors
    /// Where it can't be written.
    fn end(self, coverage: Coverage) -> impl Future<Output = Result<(), Self::Error>> + Send;
}
