//! The estate that `posture demo` judges: a shop that does not exist, in three accounts and four
//! Regions.
//!
//! It is generated, the same bytes on every machine: mostly well kept, with the mistakes that real
//! estates have, what AWS and tools put there, and what the recorder was not allowed to read. The
//! shapes are AWS Config's (`aws-config-resource-schema`, and the items in its rule development
//! kit); the values are ours, and name nobody.

mod account;
mod analytics;
mod apis;
mod backups;
mod balancers;
mod compute;
mod containers;
mod databases;
mod delivery;
mod draw;
mod edge;
mod firewalls;
mod fleet;
mod identity;
mod item;
mod keys;
mod machine_learning;
mod messaging;
mod monitoring;
mod networking;
mod policies;
mod search;
mod serverless;
mod site;
mod storage;
mod tables;
mod tags;
mod time;
mod wan;

use item::Item;
use site::Site;

/// The items, in the order in which they are made.
#[derive(Debug)]
struct Estate {
    lines: String,
}

impl Estate {
    fn extend(&mut self, items: impl IntoIterator<Item = Item>) {
        for item in items {
            self.add(item);
        }
    }

    fn add(&mut self, item: Item) {
        self.lines.push_str(&item.line());
        self.lines.push('\n');
    }
}

/// About how many bytes there are.
const SIZE: usize = 6 << 20;

/// What makes the resources of one area at one site.
type Area = fn(Site, &mut Estate);

const AREAS: [Area; 23] = [
    account::add,
    analytics::add,
    apis::add,
    backups::add,
    balancers::add,
    compute::add,
    containers::add,
    databases::add,
    delivery::add,
    edge::add,
    firewalls::add,
    fleet::add,
    identity::add,
    keys::add,
    machine_learning::add,
    messaging::add,
    monitoring::add,
    networking::add,
    search::add,
    serverless::add,
    storage::add,
    tables::add,
    wan::add,
];

/// The configuration items, one JSON document a line.
///
/// The newest was captured on 2026-05-31, so they are to be judged as of 2026-06-01T00:00:00Z.
/// Some resources have older versions, and a few are deleted.
pub fn estate() -> String {
    let mut estate = Estate {
        lines: String::with_capacity(SIZE),
    };
    for site in Site::all() {
        for area in AREAS {
            area(site, &mut estate);
        }
    }
    estate.lines
}

#[cfg(test)]
mod tests;
