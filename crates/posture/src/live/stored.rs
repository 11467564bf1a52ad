//! Items into the recorded history.

use jiff::Timestamp;
use posture_recorder::{Listing, Outcome, Place, Sink, events};
use posture_store::{
    Call, Coverage, Listing as _, Recording, Scope, Sink as _, StoreError, StoreListing,
};

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

/// A call that an event tells of, as the store keeps it.
pub(crate) fn kept_call(call: events::Call) -> Call {
    Call {
        event_id: call.event_id,
        account_id: call.account_id,
        aws_region: call.aws_region,
        event_source: call.event_source,
        event_name: call.event_name,
        principal: call.principal,
        happened_at: call.happened_at,
        names: call.names.into_iter().collect(),
    }
}
