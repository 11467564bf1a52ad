//! Posture's state: what was recorded, what was decided, what is to be done.
//!
//! SQLite in a folder, or PostgreSQL (15 is the version tested) by URL; one SQL text for both.
//!
//! - **Into history.** A [`Recording`] is a [`Sink`]: recorders stream listings into it. A version
//!   is written when the canonical content of a resource changes, and nothing when it doesn't. A
//!   resource is taken for deleted only when a listing that would have shown it completed.
//! - **Two times.** A version says from when it holds (`valid_from`) and when that became known
//!   (`recorded_at`). Versions are only ever added, so that what was known at a time can be asked
//!   for ever and has one answer.
//! - **Out of history.** [`Store::items_as_of`], [`Store::snapshot`], [`Store::timeline`], [`Store::inventory`].
//!
//! Times are microseconds since 1970. Nothing here reads the wall clock: [`Clock`] is given.

mod blob;
mod calls;
mod db;
mod error;
mod identity;
mod imports;
mod leases;
mod location;
mod outbox;
pub mod packed;
mod query;
mod record;
mod remediation;
mod store;
mod subjects;
mod verdict_counts;
mod verdicts;

/// The database itself, for crates that keep their own tables in it.
pub mod sql {
    pub use crate::db::{Component, Database, Row, Transaction, Value};
    /// What the database says when it refuses.
    pub use sqlx::Error;
}

pub use calls::{Author, NamedCall, call_name};
pub use error::StoreError;
pub use identity::{Identity, Scope};
pub use leases::{Lease, LeaseCounts};
pub use location::Location;
pub use outbox::{Detail, OutboxEvent};
pub use query::{
    Change, CountBy, Counted, CoverageRow, Inventory, InventoryQuery, ItemFilter, Items, Resource,
    Snapshot, StoredItem, Timeline, TimelineEntry, TimelineEvent, diff, unpack_item,
};
pub use record::{
    Coverage, Listing, Observation, Observer, Recorded, Recording, Sink, StoreListing,
};
pub use remediation::{JournalRow, Statement};
pub use store::{Clock, Store};
pub use subjects::{Announced, Subjects};
pub use verdict_counts::{ANY, CELL_DAYS, COUNTED, day_of, start_of};
pub use verdicts::{EvaluatedRule, Verdict, VerdictChange};
