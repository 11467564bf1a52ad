//! Timestamps of checkpoints by an authority (RFC 3161): what it said, and whether it said it.

mod algorithm;
mod authority;
mod certificate;
mod element;
mod reply;
mod signed;
mod statement;

pub use authority::Authorities;
pub use reply::{Stamp, TimestampError, check};
