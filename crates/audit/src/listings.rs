//! How completely types and populations were listed: when last, where not, and what was counted.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::history::{History, Resource};

/// How a population's completeness was established.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Listed {
    /// Listings in the period.
    pub listings: usize,
    /// Of these, those that completed.
    pub complete: usize,
    /// Scopes without a listing: AWS Config delivers their items.
    pub unlisted_scopes: usize,
    /// What the last complete listing of each scope counted.
    pub counted: i64,
    /// How many resources the recorded history has at those times.
    pub known: i64,
}

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
    /// How completely the scopes of these resources were listed in the period: complete listings,
    /// all listings, and where the last complete one counted otherwise than the state.
    pub fn listed<'r>(&self, resources: impl Iterator<Item = &'r Resource>) -> Listed {
        let mut scopes: BTreeMap<i64, i64> = BTreeMap::new();
        let mut listed = Listed::default();
        let mut members: Vec<&Resource> = Vec::new();
        for resource in resources {
            scopes.entry(resource.scope).or_default();
            members.push(resource);
        }
        for scope in scopes.keys() {
            let Some(listings) = self.listings.get(scope) else {
                listed.unlisted_scopes += 1;
                continue;
            };
            listed.listings += listings.len();
            let complete = || listings.iter().filter(|one| one.state == "complete");
            listed.complete += complete().count();
            let Some(last) = complete().next_back() else {
                continue;
            };
            let known = self
                .every_resource()
                .filter(|resource| resource.scope == *scope && resource.exists_at(last.at))
                .count();
            listed.counted += last.items;
            listed.known += i64::try_from(known).unwrap_or(i64::MAX);
        }
        listed
    }

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
