//! YAML as users write it: read with places, written so that a person reads it.

mod problem;
mod read;
mod write;

pub use problem::{Place, Problem};
pub use read::{Key, Kind, Value, read};
pub(crate) use write::{Node, write};
