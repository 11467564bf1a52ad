//! The AWS client.
mod client;
mod denied;
mod endpoint;
mod error;
mod model;
mod percent;
mod protocol;
#[cfg(test)]
mod testing;

pub use client::{AssumedRole, Client, Options, Pages};
pub use denied::{DeniedAction, action_of};
pub use endpoint::Partition;
pub use error::{CallError, InputError, InputProblem, ModelError, Nearest, ReplyError, Retry, ServiceError};
pub use model::{Effect, Operation, Pagination, Protocol, Service};
