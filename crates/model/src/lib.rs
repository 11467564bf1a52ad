//! The nouns of Posture: what a configuration item is, how its bytes are read, and how a place in
//! it is named. Nothing here does I/O, reads a clock, or knows a rule.
//!
//! - [`tree`]: JSON as a tree of borrowed nodes in an arena. One parse, no allocation a value.
//! - [`ConfigurationItem`]: AWS Config's item, from any of the shapes in which AWS delivers it.
//! - [`Path`]: a place in an item. Reading one has three outcomes: a value, *absent*, or
//!   [`InsufficientData`]. The last two are never the same thing.
//! - [`canonical`]: the bytes of an item that say whether a resource has changed.
//! - [`ResourceType`]: AWS's resource types, by AWS's spelling.
//!
//! Every other crate of the workspace may depend on this one; it depends on none of them.

mod call;
pub mod canonical;
mod coverage_state;
mod global;
mod insufficient_data;
mod item;
mod managed_by;
mod partition;
mod path;
mod read;
mod resource_type;
mod source;
pub mod time;
pub mod tree;

pub use call::Call;
pub use coverage_state::CoverageState;
pub use global::region_of;
pub use insufficient_data::{InsufficientData, Reason};
pub use item::{ConfigurationItem, ItemError, ItemStatus, Relationship, Tag};
pub use managed_by::ManagedBy;
pub use partition::Partition;
pub use path::{Path, Segment, Segments, path, path_segments, path_touches};
pub use read::ReadLog;
pub use resource_type::ResourceType;
pub use source::{Source, Unread, UnreadState};
