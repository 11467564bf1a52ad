//! Into history: what was seen, and what could not be.

mod batch;
mod coverage;
mod history;
mod listing;
mod observation;
mod run;
mod sink;

pub use coverage::Coverage;
pub use listing::StoreListing;
pub use observation::Observation;
pub(crate) use observation::{Content, Hash};
pub use run::{Observer, Recorded, Recording};
pub use sink::{Listing, Sink};
