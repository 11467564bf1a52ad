//! API calls as evidence: asked on a schedule, kept with what was asked, by whom, and what was answered.
//!
//! A retrieval is one operation in one account and Region, with all the calls that it takes. Its reply
//! is kept as it came, all pages of it, without secrets. What could not be read is recorded as such,
//! and is no pass; a reply without rows is a result. A turn that was missed stays missed: every
//! retrieval is of its own time.

mod call;
mod collect;
mod find;
mod input;
mod keep;
mod known;

pub use call::{ApiCall, calls_of};
pub use collect::{CallMade, Retrieval, RetrievalOutcome, RetrievalPlace, retrieve};
pub use find::{SoughtRetrievals, find_retrievals};
pub use keep::{Asked as AskedCall, asked, keep};
pub use known::{CallHistory, RetrievalRecord, Retrievals};
