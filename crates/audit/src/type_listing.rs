//! When a type was last listed, and where it could not be.

use jiff::Timestamp;

use crate::history::History;

/// How a type was listed in a period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TypeListing {
    /// The oldest of the newest complete listings of its scopes: since then nothing is older.
    pub(crate) complete: Option<Timestamp>,
    /// Accounts and Regions of which the last listing did not complete, with its state.
    pub(crate) unread: Vec<String>,
    /// Accounts and Regions in which it was listed at all.
    pub(crate) scopes: usize,
    /// Resources of it that were there at some time.
    pub(crate) resources: usize,
}

impl History {
    /// How a type was listed, as far as it is in scope.
    pub(crate) fn listed_type(&self, name: &str) -> TypeListing {
        let mut found = TypeListing::default();
        for (account_id, aws_region, listings) in self.listings_of(name) {
            found.scopes += 1;
            let complete = listings.iter().filter(|one| one.state == "complete");
            let newest = complete.map(|one| one.at).max();
            found.complete = match (found.complete, newest) {
                (Some(known), Some(newest)) => Some(known.min(newest)),
                (known, newest) => known.or(newest),
            };
            if let Some(last) = listings.last().filter(|last| last.state != "complete") {
                let place = format!("{account_id} {aws_region} ({})", last.state);
                found.unread.push(place);
            }
        }
        let of_type = self.resources.values();
        let of_type = of_type.filter(|one| one.resource_type == name);
        found.resources = of_type.filter(|one| !one.existence.is_empty()).count();
        found.unread.sort();
        found
    }
}
