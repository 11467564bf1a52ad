//! The AWS client: any operation of any service, from service models that are embedded in the binary.
//!
//! [`Client::call`] takes JSON in the API's own names and gives JSON as boto3 would see it. What a call needs to know
//! (names on the wire, HTTP bindings, paging, endpoint rules) is in models that `cargo xtask models` makes from
//! botocore's public data. Credentials, profiles, SSO, roles, signing and the HTTP connector are the official crates.
//!
//! ```no_run
//! # async fn example() -> Result<(), posture_aws::CallError> {
//! use posture_aws::{Client, Options};
//! use serde_json::json;
//!
//! let client = Client::load(Options::default()).await;
//! let mut pages = client.pages("ec2", "DescribeInstances", &json!({ "MaxResults": 100 }))?;
//! while let Some(page) = pages.next().await {
//!     println!("{}", page?["Reservations"]);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Values
//!
//! - A timestamp comes out as RFC 3339 in UTC with `Z`, its fraction (to the microsecond) only when it is not zero;
//!   RFC 3339 or seconds since 1970 go in.
//! - A blob is standard base64, in and out; so is a streamed body.
//! - `NaN`, `Infinity` and `-Infinity` are strings.
//! - A member that the service left out, or sent as null, is absent. In an input, null is as good as absent.
//! - A union that holds a member unknown to the model is `{"SDK_UNKNOWN_MEMBER": {"name": …}}`.
//! - IAM's policies come out as the documents that they are.
//!
//! # What it never does
//!
//! - Send an input that does not fit its model: every unknown, missing or mistyped member is told first.
//! - Change a customer's resource through [`Client::call`] or [`Client::pages`]: see [`Effect`].
//! - Exceed a ceiling set for a service in an account and Region, however many tasks call.
//! - Streams of events, SigV4a (multi-Region access points), S3 Express sessions and bearer tokens: such calls are
//!   refused as [`CallError::Unsupported`].

mod authorisation;
mod client;
mod denied;
mod endpoint;
mod error;
mod http;
mod model;
mod percent;
mod protocol;
#[cfg(test)]
mod testing;

pub use authorisation::Authorisation;
pub use client::{AssumedRole, Client, Counts, Options, Pages};
pub use denied::{DeniedAction, action_named, action_of};
pub use endpoint::Partition;
pub use error::{
    CallError, InputError, InputProblem, ModelError, Nearest, ReplyError, Retry, ServiceError,
};
pub use http::{Http, HttpAnswer, HttpError, HttpRequest};
pub use model::{Effect, Operation, Pagination, Protocol, Service};
