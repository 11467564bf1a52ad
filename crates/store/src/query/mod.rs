//! Out of history.

mod as_of;
mod coverage;
mod diff;
mod filter;
mod inventory;
mod item_record;
mod resource;
mod snapshot;
mod tagged;
mod timeline;

pub(crate) use as_of::time;
pub use as_of::{Items, StoredItem};
pub use coverage::CoverageRow;
pub use diff::{Change, diff};
pub use filter::ItemFilter;
pub use inventory::{CountBy, Counted, Inventory, InventoryQuery};
pub use item_record::unpack_item;
pub use resource::Resource;
pub use snapshot::Snapshot;
pub use timeline::{Timeline, TimelineEntry, TimelineEvent};
