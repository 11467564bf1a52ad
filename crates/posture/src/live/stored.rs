//! Items into the recorded history.

use std::sync::Arc;

use jiff::Timestamp;
use posture_recorder::{Listing, Outcome, Place, Sink};
use posture_store::{
    Coverage, Listing as _, Recording, Scope, Sink as _, Store, StoreError, StoreListing,
};

use crate::commands::CommandError;

/// Takes listings into the store.
#[derive(Debug)]
pub(crate) struct Stored(pub(crate) Recording);

/// One listing on its way there.
#[derive(Debug)]
pub(crate) struct StoredListing(StoreListing);

impl Sink for Stored {
    type Listing = StoredListing;
    type Error = StoreError;

    async fn begin(&self, place: Place, listed_at: Timestamp) -> Result<StoredListing, StoreError> {
        let resource_type = place.resource_type.as_str();
        let scope = Scope::new(&place.account_id, &place.aws_region, resource_type);
        let listing = self.0.begin_listing(scope, listed_at).await?;
        Ok(StoredListing(listing))
    }
}

impl Listing for StoredListing {
    type Error = StoreError;

    async fn item(&mut self, item: &[u8]) -> Result<(), StoreError> {
        self.0.item(item).await
    }

    fn skip(&mut self, resource_id: &str) -> bool {
        self.0.skip(resource_id)
    }

    fn unread(&mut self, fact: &str, outcome: &Outcome) {
        self.0.unread(coverage(fact, outcome));
    }

    async fn end(self, outcome: &Outcome) -> Result<(), StoreError> {
        self.0.end(coverage("", outcome)).await
    }
}

fn coverage(fact: &str, outcome: &Outcome) -> Coverage {
    Coverage {
        fact: fact.to_owned(),
        state: outcome.state,
        denied_action: outcome.is_denied.then(|| outcome.action.clone()),
    }
}

/// Records in a run of this kind, which ends where the work came to its end.
pub(crate) async fn recorded<T, F>(
    store: &Store,
    kind: &str,
    record: impl FnOnce(Arc<Stored>) -> F,
) -> Result<T, CommandError>
where
    F: Future<Output = Result<T, CommandError>>,
{
    let sink = Arc::new(Stored(store.begin_run(kind).await?));
    let done = record(Arc::clone(&sink)).await?;
    // Every task that held it has ended.
    if let Some(Stored(recording)) = Arc::into_inner(sink) {
        recording.end("finished").await?;
    }
    Ok(done)
}
