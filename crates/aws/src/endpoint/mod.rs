//! Where a call goes: AWS's own endpoint rules, as its SDKs run them.
//!
//! Each service's rules (partitions, FIPS, dual-stack, global services, S3's addressing) come with its model; the
//! language is Smithy's (<https://smithy.io/2.0/additional-specs/rules-engine/specification.html>).

mod arn;
mod function;
mod parameter;
mod partition;
mod resolve;
mod rule;
mod url;

pub use partition::Partition;

pub(crate) use parameter::{Settings, asked};
pub(crate) use resolve::{Endpoint, Refusal, resolve};
pub(crate) use rule::RuleSet;
pub(crate) use url::is_address;

#[cfg(test)]
mod tests;
