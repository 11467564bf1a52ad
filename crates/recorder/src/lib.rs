//! Records AWS accounts: which resources there are, how they are configured, and what of it could
//! not be read.
//!
//! - [`declare`]: what a service file says. Data, a file a service under `services/`; its page is
//!   where to begin when a service is added.
//! - [`Needs`]: what enabled rules read. Only that is asked for.
//! - [`Plan`]: declarations narrowed to needs: the calls that are made.
//! - [`policy`]: the IAM policies that allow a plan's calls.
//! - [`Sources`]: what is read instead of the services or between sweeps, and the policy that allows it.
//! - [`Estate`]: which accounts are recorded, and as whom. One that can't be reached stops no other.
//! - [`Recorder`]: runs a plan in one account. Items stream into a [`Sink`]; how far everything could be read is
//!   [`Coverage`], and no error.
//!
//! A listing that failed deletes nothing: its end says that it is not complete. A call that failed
//! is an entry in its item's `unread`, by which rules know that they can't judge.

mod accounts;
mod casing;
mod config_aggregator;
mod config_bucket;
mod coverage;
pub mod declare;
mod error;
pub mod events;
mod needs;
mod plan;
pub mod policy;
mod progress;
mod regions;
mod run;
mod services;
mod shape;
mod sink;
mod source_policy;
mod text;

pub use accounts::{
    Account, Accounts, Entries, Estate, Organization, Part, Parts, Resolved, RoleName,
};
pub use casing::Casing;
pub use config_aggregator::Aggregator;
pub use config_bucket::{BucketError, Delivery, DeliveryBucket, DeliveryFilter, FetchError};
pub use coverage::{Coverage, Outcome};
pub use error::RecordError;
pub use needs::Needs;
pub use plan::{Plan, PlannedCall};
pub use progress::{Progress, Reached};
pub use run::{AccountRead, Clock, Recorder, Report};
pub use services::all as services;
pub use sink::{Listing, Place, Sink};
pub use source_policy::{SourceError, Sources};
