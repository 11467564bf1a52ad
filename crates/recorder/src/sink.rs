//! What the recorder streams into.

use std::error::Error;
use std::future::Future;

use jiff::Timestamp;
use posture_model::ResourceType;

use crate::coverage::Outcome;

/// What one listing covers: one type in one account and Region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The account's 12 digits.
    pub account_id: String,
    /// The Region; `global` for types that have none.
    pub aws_region: String,
    /// The type.
    pub resource_type: ResourceType,
}

/// Takes listings, any number at a time.
pub trait Sink: Send + Sync + 'static {
    /// What takes the items of one listing.
    type Listing: Listing<Error = Self::Error>;
    /// Why something could not be taken.
    type Error: Error + Send + Sync + 'static;

    /// Begins a listing of everything at a place, as it is at `listed_at`.
    ///
    /// # Errors
    /// Where nothing can be taken.
    fn begin(
        &self,
        place: Place,
        listed_at: Timestamp,
    ) -> impl Future<Output = Result<Self::Listing, Self::Error>> + Send;
}

/// Takes the items of one listing. Dropped before its end it counts as not completed.
pub trait Listing: Send {
    /// Why something could not be taken.
    type Error: Error + Send + Sync + 'static;

    /// Takes an item: canonical JSON in the shape of AWS Config's configuration item, with
    /// `unread` for what of it was asked for and not read. Secrets are replaced.
    ///
    /// # Errors
    /// Where it can't be taken.
    fn item(&mut self, item: &[u8]) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Takes a resource for what it was when it was last taken. False where it is not known: then its
    /// item is given. A sink that remembers nothing knows none.
    fn skip(&mut self, _resource_id: &str) -> bool {
        false
    }

    /// Notes how far a place of the listing's items could be read, where that is not completely.
    fn unread(&mut self, fact: &str, outcome: &Outcome);

    /// Ends the listing. Only where the outcome is complete, resources that were not in it are no
    /// longer there.
    ///
    /// # Errors
    /// Where it can't be written.
    fn end(self, outcome: &Outcome) -> impl Future<Output = Result<(), Self::Error>> + Send;
}
