//! AWS itself as a source: what a command needs is recorded, into the state or for this once.

mod arguments;
mod coverage;
mod needs;
mod nothing;
mod progress;
mod recorded;
mod spool;
mod stored;

pub(crate) use arguments::AwsArguments;
pub(crate) use coverage::{CoverageV1, is_incomplete, listed, listed_of_state, say_gaps, unread};
pub(crate) use needs::{needs_of, needs_of_filter, reading};
pub(crate) use recorded::{Wanted, checked, into_state, spooled, write_plan};
pub(crate) use stored::recorded;
